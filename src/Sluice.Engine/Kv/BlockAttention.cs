namespace Sluice.Engine.Kv;

/// <summary>
/// How much attention each block of a sequence's tables has had, as counted by the observed tokens; the block that had least gives way first
/// ("H2O", Zhang et al. 2023, by blocks instead of tokens).
/// </summary>
/// <param name="capacity">Most blocks that the tables can have.</param>
internal sealed class BlockAttention(int capacity)
{
    private readonly long[] _had = new long[capacity];

    /// <summary>Adds what one step's tokens gave to each block.</summary>
    public void Add(ReadOnlySpan<long> given)
    {
        for (int b = 0; b < Math.Min(given.Length, _had.Length); b++)
            _had[b] += given[b];
    }

    /// <summary>The block that had least, of those from <paramref name="first"/> up to <paramref name="end"/>; of equals the earliest.</summary>
    public int Least(int first, int end)
    {
        int least = first;
        for (int b = first + 1; b < end; b++)
        {
            if (_had[b] < _had[least])
                least = b;
        }
        return least;
    }

    /// <summary>Forgets a block that leaves the tables; those behind it move up.</summary>
    public void RemoveAt(int block)
    {
        _had.AsSpan(block + 1).CopyTo(_had.AsSpan(block));
        _had[^1] = 0;
    }

    public void Clear() => Array.Clear(_had);
}

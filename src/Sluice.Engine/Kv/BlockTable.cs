namespace Sluice.Engine.Kv;

/// <summary>The blocks of one sequence in one KV group, in order of position.</summary>
internal sealed class BlockTable
{
    private int[] _blocks = new int[8];

    public int Count { get; private set; }

    public int this[int index] => _blocks[index];

    public ReadOnlySpan<int> Span => _blocks.AsSpan(0, Count);

    public void Add(int block)
    {
        if (Count == _blocks.Length)
            Array.Resize(ref _blocks, Count * 2);
        _blocks[Count++] = block;
    }

    public void Clear() => Count = 0;
}

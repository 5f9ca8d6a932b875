namespace Sluice.Engine.Sampling;

/// <summary>Reused arrays for steps that count tokens of a sequence.</summary>
internal sealed class TokenScratch(int vocabulary)
{
    private int[] _perPosition = [];

    /// <summary>One number per token of the vocabulary, all 0: who changes some sets them back.</summary>
    public int[] PerToken { get; } = new int[vocabulary];

    /// <summary>One number per position, of any value. Grows with the longest sequence by doubling.</summary>
    public Span<int> PerPosition(int length)
    {
        if (_perPosition.Length < length)
            _perPosition = new int[Math.Max(length, 2 * _perPosition.Length)];
        return _perPosition.AsSpan(0, length);
    }
}

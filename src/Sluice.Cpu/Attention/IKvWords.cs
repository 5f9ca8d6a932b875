namespace Sluice.Cpu.Attention;

/// <summary>
/// A stored type whose elements are small whole numbers with a scale: their products with queries and weights of 16 bits are summed exactly.
/// </summary>
internal unsafe interface IKvWords : IKvPairs
{
    static abstract KvFormat Format { get; }

    /// <summary>What is stored for zero, and subtracted from sums.</summary>
    static abstract int Zero { get; }

    /// <summary>Quantises the values of one token that share a scale: whole numbers as they are stored, and the scale.</summary>
    static abstract Half Quantize(ReadOnlySpan<float> values, Span<int> stored);

    /// <summary>Overwrites element <paramref name="element"/> (0 to <c>Format.Elements</c> - 1) of a word.</summary>
    static abstract void Store(byte* word, int element, int stored);
}

namespace Sluice.Cpu.Quant;

/// <summary>What <see cref="SuperPanelProduct{F, W, V}"/> needs of a register whose 32-bit lanes are weight rows.</summary>
/// <typeparam name="V">The register.</typeparam>
internal unsafe interface ISuperLanes<V> where V : unmanaged
{
    /// <summary>Rows in a register.</summary>
    static abstract int Rows { get; }

    static abstract V Zero { get; }

    static abstract V Load(byte* source);

    static abstract V Broadcast(byte* four);

    static abstract void Store(int* target, V value);

    /// <summary>Unsigned bytes times signed ones, pairs of products added in 16 bits.</summary>
    static abstract V MultiplyBytes(V unsigned, V signed);

    /// <summary>Words times words, pairs of products added in 32 bits.</summary>
    static abstract V MultiplyWords(V a, V b);

    static abstract V AddWords(V a, V b);

    static abstract V AddInts(V a, V b);

    /// <summary>The lower 16 bits of each lane in both its halves.</summary>
    static abstract V LowerWordTwice(V value);

    static abstract V ShiftLeft(V ints, int bits);

    static abstract V SubtractInts(V a, V b);

    /// <summary>sum += ints · (scales · factor), rounded as <see cref="SuperBlock"/> says.</summary>
    static abstract void Accumulate(float* sum, V ints, float* scales, float factor);

    /// <summary>sum -= ints · (scales · factor).</summary>
    static abstract void AccumulateNegated(float* sum, V ints, float* scales, float factor);
}

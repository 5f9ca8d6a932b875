namespace Sluice.Cpu.Quant;

/// <summary>The product of a few weight rows, as they are stored, with one activation row: what decoding is made of.</summary>
internal unsafe interface IRowGroup
{
    /// <summary>Weight rows of a group.</summary>
    static abstract int Rows { get; }

    /// <param name="rows">First block of each row.</param>
    /// <param name="next">Where the group to follow begins, for prefetching; need not be readable.</param>
    /// <param name="x">The activation row.</param>
    /// <param name="y">A result per weight row.</param>
    static abstract void Multiply(byte** rows, byte* next, in QuantizedRow x, int blocks, float* y);
}

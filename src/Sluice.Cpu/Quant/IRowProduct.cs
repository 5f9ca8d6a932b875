using System.Runtime.Intrinsics;

namespace Sluice.Cpu.Quant;

/// <summary>What <see cref="RowProduct{G}"/> needs of a format to multiply one activation row.</summary>
internal unsafe interface IRowProduct : IRowEncoding
{
    /// <summary>Bytes of a stored block, which begins with its scale as a half.</summary>
    static abstract int BlockBytes { get; }

    /// <summary>The exact dots of eight consecutive blocks, a lane each.</summary>
    /// <param name="blocks">The first of the stored blocks.</param>
    /// <param name="values">Their activations, as <see cref="IRowEncoding.Place"/> laid them out.</param>
    /// <param name="sums">Eight times the sum of each block's activations.</param>
    static abstract Vector256<int> Dots(byte* blocks, sbyte* values, int* sums);
}

using System.Runtime.Intrinsics;

namespace Sluice.Cpu.Quant;

/// <summary>How <see cref="SuperRowProduct{F, D}"/> multiplies one super-block.</summary>
internal unsafe interface ISuperDot
{
    /// <summary>Lanes that add up to Σ scale of sub-block · its exact dot.</summary>
    /// <param name="values">The activations of the super-block.</param>
    /// <param name="sums16">Their sums.</param>
    static abstract Vector256<int> Products(byte* block, sbyte* values, short* sums16);
}

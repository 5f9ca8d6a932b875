using System.Runtime.Intrinsics;

namespace Sluice.Cpu.Quant;

/// <summary>What <see cref="SuperRowProduct{F}"/> needs of a format.</summary>
internal unsafe interface ISuperRow : ISuperBlock
{
    /// <summary>The unsigned quants of elements 32 · <paramref name="run"/> and on; at most 63.</summary>
    static abstract Vector256<byte> Quants(byte* block, int run);

    /// <summary>What stands beside the quants of two super-blocks.</summary>
    static abstract SuperHeaders Headers(byte* first, byte* second);
}

/// <summary>Two super-blocks but for their quants.</summary>
/// <param name="First">Scales of the first one in words: in the lower half those of the first 16 elements of each run of 32, in the
/// upper those of the others.</param>
/// <param name="Second">Likewise of the second.</param>
/// <param name="Minima">The eight minima of the first in words, then those of the second.</param>
/// <param name="Pairs">In the lowest 32 bits of each half: the block's scale as a half, and above it the scale of the minima.</param>
internal readonly record struct SuperHeaders(Vector256<short> First, Vector256<short> Second, Vector256<short> Minima, Vector256<int> Pairs);

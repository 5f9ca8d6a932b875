namespace Sluice.Cpu.Quant;

/// <summary>
/// The order of summation of block-quantised weights, the same in every variant and for one row as for many. Eight sums: to sum i goes each
/// block b with b mod 8 = i, in order, by one fused multiply-add of the block's exact integer dot with the product of both scales. Then the
/// sums are folded: upper half onto lower half, thrice.
/// </summary>
/// <remarks>
/// Eight, so that one stored row can be read in sequence with a lane per block: that streams from memory at its full rate, where eight rows
/// side by side, a lane each, reached three quarters of it.
/// </remarks>
internal static unsafe class BlockSums
{
    public const int Count = 8;

    /// <summary>Blocks rounded up to whole groups of <see cref="Count"/>.</summary>
    public static int Padded(int blocks) => (blocks + Count - 1) / Count * Count;

    public static float Fold(float* sums)
    {
        float even = sums[0] + sums[4] + (sums[2] + sums[6]);
        float odd = sums[1] + sums[5] + (sums[3] + sums[7]);
        return even + odd;
    }
}

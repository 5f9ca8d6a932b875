using Iced.Intel;
using Sluice.Cpu.Quant;
using static Iced.Intel.AssemblerRegisters;

namespace Sluice.Cpu.Packed;

internal static partial class SuperProduct<F>
{
    private const int NibbleBits = 4;

    /// <summary>Whether sub-blocks lie two by two in the low and the high nibbles of the same columns, with nothing to be joined to them.</summary>
    private static bool InPairs => F.HighBits == 0 && F.Nibbles(0, 0).Column == F.Nibbles(1, 0).Column;

    /// <summary>
    /// As <see cref="AddSubBlocks"/>, for one activation row, two sub-blocks at a time: each column is loaded once, and its high nibbles are multiplied where
    /// they stand, as sixteen times what they are. So a line of weights takes four instructions of the vector units, where one sub-block after the other takes
    /// five and asks for nothing during half of them: more lines are on their way at once.
    /// </summary>
    private static void AddPairs(Assembler c, int part, ref Fetching fetching)
    {
        int quads = F.SubBlock / QuadElements;
        int pairs = SuperBlock.Elements / F.SubBlock / 2;
        var (stored, quad, lowSum, highSum) = (Quads[0], Quads[1], Sums[0], Sums[1]);
        c.vpxord(lowSum, lowSum, lowSum);
        c.vpxord(highSum, highSum, highSum);
        for (int pair = 0; pair < pairs; pair++)
        {
            var (low, high, scale) = (Dots[0], Dots[1], Free[0]);
            c.vpxord(low, low, low);
            c.vpxord(high, high, high);
            for (int i = 0; i < quads; i++)
            {
                c.vmovdqa64(stored, Column(F.Nibbles(2 * pair, i).Column));
                c.vpandd(quad, stored, NibbleMask);
                c.vpdpbusd(low, quad, __dword_bcst[At + i * Step]);
                c.vpandnd(quad, NibbleMask, stored);
                c.vpdpbusd(high, quad, __dword_bcst[At + (quads + i) * Step]);
                fetching.Write((part * pairs + pair) * quads + i + 1, PackedLayout.Parts * pairs * quads);
            }
            ReadSubScale(c, scale, 2 * pair);
            c.vpmulld(low, low, scale);
            c.vpaddd(lowSum, lowSum, low);
            ReadSubScale(c, scale, 2 * pair + 1);
            c.vpmulld(high, high, scale);
            c.vpaddd(highSum, highSum, high);
            c.add(At, 2 * quads * Step);
        }
        c.vpsrad(highSum, highSum, NibbleBits); // exact: a multiple of 16, and below 2^28 with scales of six bits
        c.vpaddd(lowSum, lowSum, highSum);
    }
}

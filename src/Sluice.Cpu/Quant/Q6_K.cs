using System.Runtime.CompilerServices;
using Sluice.Core.Quant;

namespace Sluice.Cpu.Quant;

/// <summary>
/// Q6_K weights: six bits around 32, sixteen sub-blocks with a signed scale. For the order of summation see <see cref="SuperBlock"/>.
/// </summary>
internal readonly unsafe partial struct Q6_K : ISuperBlock
{
    /// <summary>Quants that lie in one run of bits of the stored bytes.</summary>
    private const int Run = 32;

    public static int BlockBytes => Q6_KFormat.BlockBytes;

    public static int SubBlock => Q6_KFormat.SubBlockElements;

    public static bool HasMinima => false;

    public static int Zero => Q6_KFormat.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ScalePair(byte* block) => *(ushort*)(block + Q6_KFormat.ScaleOffset);

    public static ulong Minima(byte* block) => 0;

    public static void Decode(byte* block, byte* quants, int* scales)
    {
        for (int i = 0; i < SuperBlock.Elements; i++)
        {
            int run = i / Run, part = i % Run;
            int nibble = block[NibblesOf(run) + part] >> (run % 4 < 2 ? 0 : 4) & 15;
            quants[i] = (byte)(nibble | (block[HighBitsOf(run) + part] >> 2 * (run % 4) & 3) << 4);
        }
        for (int sub = 0; sub < SuperBlock.Elements / SubBlock; sub++)
            scales[sub] = (sbyte)block[Q6_KFormat.ScalesOffset + sub];
    }

    /// <summary>Where the nibbles of a run lie: low ones in the first two runs of a half, high ones in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int NibblesOf(int run) => run / 4 * 2 * Run + run % 2 * Run;

    /// <summary>Where the upper pairs of bits of a run lie, of which the four runs of a half have one each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int HighBitsOf(int run) => Q6_KFormat.HighBitsOffset + run / 4 * Run;
}

using System.Runtime.CompilerServices;
using Sluice.Core.Quant;

namespace Sluice.Cpu.Quant;

/// <summary>Q5_K weights: Q4_K with a fifth bit. For the order of summation see <see cref="SuperBlock"/>.</summary>
internal readonly unsafe partial struct Q5_K : ISuperBlock
{
    public static int BlockBytes => Q5_KFormat.BlockBytes;

    public static int SubBlock => Q5_KFormat.SubBlockElements;

    public static bool HasMinima => true;

    public static int Zero => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ScalePair(byte* block) => *(int*)block;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Minima(byte* block) => SixBits.Minima(block + Q5_KFormat.ScalesOffset);

    public static void Decode(byte* block, byte* quants, int* scales)
    {
        ulong bytes = SixBits.Bytes(block + Q5_KFormat.ScalesOffset);
        byte* high = block + Q5_KFormat.HighBitsOffset;
        for (int sub = 0; sub < SuperBlock.Elements / SubBlock; sub++, quants += SubBlock)
        {
            byte* stored = block + Q5_KFormat.QuantsOffset + sub / 2 * SubBlock;
            for (int i = 0; i < SubBlock; i++)
                quants[i] = (byte)((stored[i] >> sub % 2 * 4 & 15) | (high[i] >> sub & 1) << 4);
            scales[sub] = (byte)(bytes >> 8 * sub);
        }
    }
}

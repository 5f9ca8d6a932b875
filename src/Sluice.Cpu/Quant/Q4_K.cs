using System.Runtime.CompilerServices;
using Sluice.Core.Quant;

namespace Sluice.Cpu.Quant;

/// <summary>
/// Q4_K weights: four bits, eight sub-blocks with a scale and a minimum. For the order of summation see <see cref="SuperBlock"/>.
/// </summary>
internal readonly unsafe partial struct Q4_K : ISuperBlock
{
    public static int BlockBytes => Q4_KFormat.BlockBytes;

    public static int SubBlock => Q4_KFormat.SubBlockElements;

    public static bool HasMinima => true;

    public static int Zero => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ScalePair(byte* block) => *(int*)block;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Minima(byte* block) => SixBits.Minima(block + Q4_KFormat.ScalesOffset);

    public static void Decode(byte* block, byte* quants, int* scales)
    {
        ulong bytes = SixBits.Bytes(block + Q4_KFormat.ScalesOffset);
        for (int sub = 0; sub < SuperBlock.Elements / SubBlock; sub++, quants += SubBlock)
        {
            byte* stored = block + Q4_KFormat.QuantsOffset + sub / 2 * SubBlock;
            for (int i = 0; i < SubBlock; i++)
                quants[i] = (byte)(stored[i] >> sub % 2 * 4 & 15);
            scales[sub] = (byte)(bytes >> 8 * sub);
        }
    }
}

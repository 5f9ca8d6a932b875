using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Core.Quant;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Quant;

internal readonly unsafe partial struct Q6_K : ISuperRow256, ISuperPanel
{
    /// <summary>Two pairs of products, 2 · 2 · 63 · 127 = 32004.</summary>
    public static int WordQuads => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Quants256(byte* block, int run) =>
        Quants(Vector256.Load(block + NibblesOf(run)), Vector256.Load(block + HighBitsOf(run)), run);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> ScalesByRun(byte* block)
    {
        var parted = Ssse3.Shuffle(
            Vector128.Load(block + Q6_KFormat.ScalesOffset), Vector128.Create((byte)0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15));
        return Avx2.ConvertToVector256Int16(parted.AsSByte());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* columns, byte* panel)
    {
        const int LastColumn = (Q6_KFormat.BlockBytes + 15) / 16 * 4 - 1; // the scale is its upper half
        SuperPanel.StoreScales(panel, Halves.UpperScalesToSingle(Vector256.Load((int*)(columns + LastColumn * Panel.QuadBytes))));
        for (int sub = 0; sub < SuperBlock.Elements / SubBlock; sub += 4)
        {
            var scales = Vector256.Load((int*)(columns + (Q6_KFormat.ScalesOffset + sub) / 4 * Panel.QuadBytes));
            SuperPanel.StoreSubScales<Q6_K>(panel, sub, scales);
            SuperPanel.StorePairs(panel, sub / 2, scales);
        }
        for (int run = 0; run < SuperBlock.Elements / Run; run++)
        {
            for (int i = 0; i < Run; i += 4)
            {
                var packed = Vector256.Load(columns + (NibblesOf(run) + i) / 4 * Panel.QuadBytes);
                var high = Vector256.Load(columns + (HighBitsOf(run) + i) / 4 * Panel.QuadBytes);
                int sub = (run * Run + i) / SubBlock;
                Quants(packed, high, run).Store(SuperPanel.Quads<Q6_K>(panel, sub) + i % SubBlock / 4 * Panel.QuadBytes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Quants(Vector256<byte> packed, Vector256<byte> high, int run)
    {
        int pair = run % 4;
        var nibbles = pair < 2 ? packed : Vector256.ShiftRightLogical(packed.AsUInt16(), 4).AsByte();
        var bits = (pair < 2 ? Vector256.ShiftLeft(high.AsUInt16(), 4 - 2 * pair) : Vector256.ShiftRightLogical(high.AsUInt16(), 2 * pair - 4)).AsByte();
        return (nibbles & Vector256.Create((byte)15)) | (bits & Vector256.Create((byte)48));
    }
}

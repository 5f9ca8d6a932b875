using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Core.Quant;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Quant;

internal readonly unsafe partial struct Q6_K : ISuperRow, ISuperPanel
{
    /// <summary>Two pairs of products, 2 · 2 · 63 · 127 = 32004.</summary>
    public static int WordQuads => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Quants(byte* block, int run) =>
        Quants(Vector256.Load(block + NibblesOf(run)), Vector256.Load(block + HighBitsOf(run)), run);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SuperHeaders Headers(byte* first, byte* second)
    {
        const int Last = Q6_KFormat.BlockBytes - 16; // 16 bytes that end with the scale
        var last = Vector256.Create(Vector128.Load((int*)(first + Last)), Vector128.Load((int*)(second + Last)));
        var pairs = Vector256.ShiftRightLogical(Avx2.Shuffle(last, 0b11_11_11_11), 16);
        return new SuperHeaders(ScalesByRun(first), ScalesByRun(second), default, pairs);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> ScalesByRun(byte* block)
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
        for (int run = 0; run < SuperBlock.Elements / Run; run += 4)
        {
            for (int i = 0; i < Run; i += 4)
            {
                var first = Vector256.Load(columns + (NibblesOf(run) + i) / 4 * Panel.QuadBytes);
                var second = Vector256.Load(columns + (NibblesOf(run + 1) + i) / 4 * Panel.QuadBytes);
                var high = Vector256.Load(columns + (HighBitsOf(run) + i) / 4 * Panel.QuadBytes);
                Quants(first, high, 0).Store(QuadOf(panel, run, i));
                Quants(second, high, 1).Store(QuadOf(panel, run + 1, i));
                Quants(first, high, 2).Store(QuadOf(panel, run + 2, i));
                Quants(second, high, 3).Store(QuadOf(panel, run + 3, i));
            }
        }
    }

    /// <summary>Where four quants go.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* QuadOf(byte* panel, int run, int i) =>
        SuperPanel.Quads<Q6_K>(panel, (run * Run + i) / SubBlock) + i % SubBlock / 4 * Panel.QuadBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Quants(Vector256<byte> packed, Vector256<byte> high, int run)
    {
        int pair = run % 4;
        var nibbles = pair < 2 ? packed : Vector256.ShiftRightLogical(packed.AsUInt16(), 4).AsByte();
        var bits = (pair < 2 ? Vector256.ShiftLeft(high.AsUInt16(), 4 - 2 * pair) : Vector256.ShiftRightLogical(high.AsUInt16(), 2 * pair - 4)).AsByte();
        return (nibbles & Vector256.Create((byte)15)) | (bits & Vector256.Create((byte)48));
    }
}

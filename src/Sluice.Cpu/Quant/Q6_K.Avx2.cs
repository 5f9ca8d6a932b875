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
        const int RunColumns = Run / 4 * Panel.QuadBytes;
        byte* target = SuperPanel.Quads<Q6_K>(panel, 0);
        for (int half = 0; half < 2; half++, columns += 2 * RunColumns, target += 8 * SuperPanel.SubBlockBytes<Q6_K>())
        {
            byte* high = columns + HighBitsOf(0) / 4 * Panel.QuadBytes - half * RunColumns;
            UnpackSubBlocks(columns, high, target);
            UnpackSubBlocks(columns + RunColumns / 2, high + RunColumns / 2, target + SuperPanel.SubBlockBytes<Q6_K>());
        }
    }

    /// <summary>The same sub-block of each of the four runs of a half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void UnpackSubBlocks(byte* columns, byte* high, byte* target)
    {
        const int RunColumns = Run / 4 * Panel.QuadBytes;
        int runBytes = 2 * SuperPanel.SubBlockBytes<Q6_K>();
        for (int quad = 0; quad < SubBlock / 4 * Panel.QuadBytes; quad += Panel.QuadBytes)
        {
            var first = Vector256.Load(columns + quad);
            var second = Vector256.Load(columns + RunColumns + quad);
            var bits = Vector256.Load(high + quad);
            Quants(first, bits, 0).Store(target + quad);
            Quants(second, bits, 1).Store(target + runBytes + quad);
            Quants(first, bits, 2).Store(target + 2 * runBytes + quad);
            Quants(second, bits, 3).Store(target + 3 * runBytes + quad);
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

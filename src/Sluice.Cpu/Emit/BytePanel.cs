using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Quant;

namespace Sluice.Cpu.Emit;

/// <summary>
/// 32 weight rows packed for <see cref="BytePanelProduct"/>, whatever they were stored as. A packed block begins with the rows' scales as singles; then, for each four
/// consecutive elements, those of row 0, row 1 and so on, in unsigned bytes above the format's zero point.
/// </summary>
internal static unsafe class BytePanel
{
    public const int ScaleBytes = Panel.Rows * sizeof(float);

    public const int BlockBytes = ScaleBytes + QuantizedBlock.Elements * Panel.Rows;

    /// <summary>Sixteen bytes of sixteen rows: from each, its four 32-bit columns, a register for each column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Columns(
        byte** rows, nint at, out Vector512<int> first, out Vector512<int> second, out Vector512<int> third, out Vector512<int> fourth)
    {
        // Rows i, i + 4, i + 8 and i + 12 in the quarters of a register; unpacking twice leaves a column of all sixteen in each.
        var r0 = Quarters(rows, at);
        var r1 = Quarters(rows + 1, at);
        var r2 = Quarters(rows + 2, at);
        var r3 = Quarters(rows + 3, at);
        var low01 = Avx512F.UnpackLow(r0, r1).AsInt64();
        var high01 = Avx512F.UnpackHigh(r0, r1).AsInt64();
        var low23 = Avx512F.UnpackLow(r2, r3).AsInt64();
        var high23 = Avx512F.UnpackHigh(r2, r3).AsInt64();
        first = Avx512F.UnpackLow(low01, low23).AsInt32();
        second = Avx512F.UnpackHigh(low01, low23).AsInt32();
        third = Avx512F.UnpackLow(high01, high23).AsInt32();
        fourth = Avx512F.UnpackHigh(high01, high23).AsInt32();
    }

    /// <summary>The scales at the start of each row's block, as singles at the start of the packed one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PackScales(byte** rows, nint at, byte* panel)
    {
        for (int i = 0; i < Panel.Rows; i += 16, panel += 16 * sizeof(float))
            Halves.ScalesToSingle(Vector256.Create(EightScales(rows + i, at), EightScales(rows + i + 8, at))).Store((float*)panel);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> EightScales(byte** rows, nint at) => Vector128.Create(
        *(short*)(rows[0] + at), *(short*)(rows[1] + at), *(short*)(rows[2] + at), *(short*)(rows[3] + at),
        *(short*)(rows[4] + at), *(short*)(rows[5] + at), *(short*)(rows[6] + at), *(short*)(rows[7] + at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Quarters(byte** rows, nint at)
    {
        var low = Vector256.Create(Vector128.Load((int*)(rows[0] + at)), Vector128.Load((int*)(rows[4] + at)));
        var high = Vector256.Create(Vector128.Load((int*)(rows[8] + at)), Vector128.Load((int*)(rows[12] + at)));
        return Vector512.Create(low, high);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Quant;

namespace Sluice.Cpu.Emit;

/// <summary>
/// 32 weight rows packed for <see cref="BytePanelProduct"/>, whatever they were stored as. A packed block begins with the rows' scales as
/// singles; then, for each four consecutive elements, those of row 0, row 1 and so on, in unsigned bytes above the format's zero point.
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

    /// <summary>
    /// 32 bytes of sixteen rows: from each, its eight 32-bit columns to their places, with the bits of <paramref name="flip"/> inverted.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EightColumns(byte** rows, nint at, Vector512<int> flip, byte* target)
    {
        // Rows i and i + 4 in the halves of a register; unpacking twice leaves columns i and i + 4 of eight rows in each, and a shuffle of quarters parts them.
        var (a0, a1, a2, a3) = (Halves(rows, at), Halves(rows + 1, at), Halves(rows + 2, at), Halves(rows + 3, at));
        var (b0, b1, b2, b3) = (Halves(rows + 8, at), Halves(rows + 9, at), Halves(rows + 10, at), Halves(rows + 11, at));
        Store(Avx512F.UnpackLow(a0, a1), Avx512F.UnpackLow(a2, a3), Avx512F.UnpackLow(b0, b1), Avx512F.UnpackLow(b2, b3), flip, target);
        Store(Avx512F.UnpackHigh(a0, a1), Avx512F.UnpackHigh(a2, a3), Avx512F.UnpackHigh(b0, b1), Avx512F.UnpackHigh(b2, b3), flip, target + 2 * Panel.QuadBytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<int> a01, Vector512<int> a23, Vector512<int> b01, Vector512<int> b23, Vector512<int> flip, byte* target)
    {
        const int Even = 0b10_00_10_00, Odd = 0b11_01_11_01;
        var a = Avx512F.UnpackLow(a01.AsInt64(), a23.AsInt64()).AsInt32() ^ flip;
        var b = Avx512F.UnpackLow(b01.AsInt64(), b23.AsInt64()).AsInt32() ^ flip;
        Avx512F.Shuffle4x128(a, b, Even).Store((int*)target);
        Avx512F.Shuffle4x128(a, b, Odd).Store((int*)(target + 4 * Panel.QuadBytes));
        a = Avx512F.UnpackHigh(a01.AsInt64(), a23.AsInt64()).AsInt32() ^ flip;
        b = Avx512F.UnpackHigh(b01.AsInt64(), b23.AsInt64()).AsInt32() ^ flip;
        Avx512F.Shuffle4x128(a, b, Even).Store((int*)(target + Panel.QuadBytes));
        Avx512F.Shuffle4x128(a, b, Odd).Store((int*)(target + 5 * Panel.QuadBytes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Halves(byte** rows, nint at) =>
        Vector512.Create(Vector256.Load((int*)(rows[0] + at)), Vector256.Load((int*)(rows[4] + at)));

    /// <summary>
    /// The scales at the start of each row's block, still as halves: word by word, which leaves the vector units to the columns.
    /// <see cref="WidenScales"/> makes singles of them once the words have left the store buffer.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PackScales(byte** rows, nint at, byte* panel)
    {
        for (int i = 0; i < Panel.Rows; i += 4)
        {
            ((ushort*)panel)[i] = *(ushort*)(rows[i] + at);
            ((ushort*)panel)[i + 1] = *(ushort*)(rows[i + 1] + at);
            ((ushort*)panel)[i + 2] = *(ushort*)(rows[i + 2] + at);
            ((ushort*)panel)[i + 3] = *(ushort*)(rows[i + 3] + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WidenScales(byte* panel, int blocks)
    {
        for (byte* end = panel + (long)blocks * BlockBytes; panel < end; panel += BlockBytes)
        {
            var (low, high) = (Panel512.LowScales(panel), Panel512.HighScales(panel));
            low.Store((float*)panel);
            high.Store((float*)panel + Vector512<float>.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Quarters(byte** rows, nint at)
    {
        var low = Vector256.Create(Vector128.Load((int*)(rows[0] + at)), Vector128.Load((int*)(rows[4] + at)));
        var high = Vector256.Create(Vector128.Load((int*)(rows[8] + at)), Vector128.Load((int*)(rows[12] + at)));
        return Vector512.Create(low, high);
    }
}

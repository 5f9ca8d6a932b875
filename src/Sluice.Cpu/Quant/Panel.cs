using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sluice.Cpu.Quant;

/// <summary>
/// 32 weight rows packed so that lanes are rows. A packed block begins with the rows' scales as halves; then, for each four consecutive
/// stored bytes, those of row 0, row 1 and so on.
/// </summary>
internal static unsafe class Panel
{
    public const int Rows = 32;

    /// <summary>Bytes of the scales of a packed block.</summary>
    public const int ScaleBytes = Rows * sizeof(ushort);

    /// <summary>Bytes that four stored bytes of all rows take.</summary>
    public const int QuadBytes = Rows * 4;

    /// <summary>
    /// Packs blocks of a scale and <paramref name="quantBytes"/> bytes (16 or 32), which come out with the bits of <paramref name="flip"/>
    /// inverted.
    /// </summary>
    /// <param name="rows">First block of each row.</param>
    /// <param name="next">The rows to be packed next, which are fetched meanwhile; need not be readable.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(byte** rows, byte* next, int blocks, int quantBytes, byte flip, byte* panel)
    {
        var flips = Vector256.Create(flip).AsInt32();
        nint at = 0;
        for (int b = 0; b < blocks; b++, at += sizeof(ushort) + quantBytes)
        {
            for (int i = 0; i < Rows; i++)
                ((ushort*)panel)[i] = *(ushort*)(rows[i] + at);
            panel += ScaleBytes;
            for (byte* stop = next + Rows * (sizeof(ushort) + quantBytes); next < stop; next += 64)
                Sse.Prefetch1(next);
            for (int column = 0; column < quantBytes; column += 16, panel += 4 * QuadBytes)
            {
                for (int r = 0; r < Rows; r += 8)
                    Transpose(rows + r, at + sizeof(ushort) + column, flips, panel + 4 * r);
            }
        }
    }

    /// <summary>Folds the <see cref="BlockSums"/> of a tile, [sum][activation row][weight row], into results.</summary>
    /// <param name="tileRows">Activation rows that the tile has room for.</param>
    /// <param name="present">Those that are there.</param>
    /// <param name="valid">Weight rows that are there.</param>
    /// <param name="y">The result of the first activation row and weight row; activation rows are <paramref name="yStride"/> apart.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Fold(float* sums, int tileRows, int present, int valid, float* y, long yStride)
    {
        int set = tileRows * Rows;
        float* last = stackalloc float[Rows];
        for (int t = 0; t < present; t++, y += yStride)
        {
            float* to = valid == Rows ? y : last;
            for (int i = 0; i < Rows; i += Vector256<float>.Count, sums += Vector256<float>.Count)
            {
                var even = Vector256.Load(sums) + Vector256.Load(sums + 4 * set) + (Vector256.Load(sums + 2 * set) + Vector256.Load(sums + 6 * set));
                var odd = Vector256.Load(sums + set) + Vector256.Load(sums + 5 * set) + (Vector256.Load(sums + 3 * set) + Vector256.Load(sums + 7 * set));
                (even + odd).Store(to + i);
            }
            if (valid < Rows)
                Unsafe.CopyBlockUnaligned(y, last, (uint)valid * sizeof(float));
        }
    }

    public static void Clear(float* sums, int tileRows) => new Span<float>(sums, BlockSums.Count * tileRows * Rows).Clear();

    /// <summary>Sixteen bytes of eight rows: from each, its four 32-bit columns go to their places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(byte** rows, nint at, Vector256<int> flips, byte* target)
    {
        // Rows i and i + 4 in the halves of a register; unpacking twice leaves a column of all eight in each.
        var r04 = Vector256.Create(Vector128.Load((int*)(rows[0] + at)), Vector128.Load((int*)(rows[4] + at))) ^ flips;
        var r15 = Vector256.Create(Vector128.Load((int*)(rows[1] + at)), Vector128.Load((int*)(rows[5] + at))) ^ flips;
        var r26 = Vector256.Create(Vector128.Load((int*)(rows[2] + at)), Vector128.Load((int*)(rows[6] + at))) ^ flips;
        var r37 = Vector256.Create(Vector128.Load((int*)(rows[3] + at)), Vector128.Load((int*)(rows[7] + at))) ^ flips;
        var low01 = Avx2.UnpackLow(r04, r15).AsInt64();
        var high01 = Avx2.UnpackHigh(r04, r15).AsInt64();
        var low23 = Avx2.UnpackLow(r26, r37).AsInt64();
        var high23 = Avx2.UnpackHigh(r26, r37).AsInt64();
        Avx2.UnpackLow(low01, low23).Store((long*)target);
        Avx2.UnpackHigh(low01, low23).Store((long*)(target + QuadBytes));
        Avx2.UnpackLow(high01, high23).Store((long*)(target + 2 * QuadBytes));
        Avx2.UnpackHigh(high01, high23).Store((long*)(target + 3 * QuadBytes));
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Linear;
using Sluice.Cpu.Quant;

namespace Sluice.Cpu.Packed;

/// <summary>
/// A format's blocks, packed so that lanes are weight rows. Panels of 32 rows follow one another; a panel is block by block, and a packed
/// block has as many bytes as its rows had: first the half of each row, where blocks have one that stands alone; then columns of the first
/// 16 rows, then those of the others. A column has four consecutive stored bytes of each row.
/// </summary>
/// <param name="BlockElements">Elements of a block.</param>
/// <param name="BlockBytes">Bytes of a stored block.</param>
/// <param name="HalfOffset">Where in a stored block the half lies that columns leave out, at its start or its end; -1 for none.</param>
/// <param name="Flip">Bits of each byte of the columns that are inverted.</param>
/// <param name="Order">The columns' order in groups of four, where it is not the stored one: that in which the product needs them, as only
/// what is read in sequence streams at the memory's rate.</param>
internal sealed unsafe record PackedLayout(int BlockElements, int BlockBytes, int HalfOffset, byte Flip, int[]? Order = null)
{
    /// <summary>Weight rows of a panel.</summary>
    public const int Rows = Panel.Rows;

    /// <summary>Weight rows of a column: the lanes of a register.</summary>
    public const int ColumnRows = 16;

    private const int GroupColumns = 4;
    private const int GroupBytes = 4 * GroupColumns;

    /// <summary>Registers of rows in a panel.</summary>
    public const int Parts = Rows / ColumnRows;

    /// <summary>Bytes of a column.</summary>
    public const int ColumnBytes = ColumnRows * 4;

    /// <summary>Bytes of the halves of a packed block.</summary>
    public const int HalvesBytes = Rows * sizeof(ushort);

    /// <summary>Columns of a block.</summary>
    public int Columns => BlockBytes / 4;

    /// <summary>Where a stored column comes to lie.</summary>
    public int PlaceOf(int column) => Order is null ? column : Array.IndexOf(Order, column / GroupColumns) * GroupColumns + column % GroupColumns;

    /// <summary>Bytes of a packed block.</summary>
    public int PackedBytes => BlockBytes * Rows;

    /// <summary>Where the columns of the first 16 rows of a packed block begin, or those of the others.</summary>
    public int ColumnsOffset(int part) => (HalfOffset < 0 ? 0 : HalvesBytes) + part * Columns * ColumnBytes;

    /// <summary>Bytes of a matrix; panels are whole.</summary>
    public long BytesFor(int rows, int cols) => (rows + Rows - 1) / Rows * ((long)cols / BlockElements * PackedBytes);

    /// <summary>Packs one panel; the last row stands in for rows that are not there.</summary>
    /// <param name="first">The panel's first row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pack(in StoredMatrix stored, int first, byte* panel)
    {
        byte** rows = stackalloc byte*[Rows];
        for (int i = 0; i < Rows; i++)
            rows[i] = stored.Row(Math.Min(first + i, stored.Rows - 1));
        int blocks = stored.Cols / BlockElements;
        int groups = Columns / GroupColumns;
        int firstColumn = HalfOffset == 0 ? sizeof(ushort) : 0;
        var flips = Vector512.Create(Flip).AsInt32();
        nint at = 0;
        for (int b = 0; b < blocks; b++, at += BlockBytes)
        {
            if (HalfOffset >= 0)
            {
                for (int i = 0; i < Rows; i++)
                    ((ushort*)panel)[i] = *(ushort*)(rows[i] + at + HalfOffset);
                panel += HalvesBytes;
            }
            for (int r = 0; r < Rows; r += ColumnRows)
            {
                for (int group = 0; group < groups; group++, panel += GroupColumns * ColumnBytes)
                    PackColumns(rows + r, at + firstColumn + GroupBytes * (Order is null ? group : Order[group]), flips, panel);
            }
        }
    }

    /// <summary>Sixteen bytes of sixteen rows: from each, its four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PackColumns(byte** rows, nint at, Vector512<int> flips, byte* target)
    {
        // Rows i, i + 4, i + 8 and i + 12 in the quarters of a register; unpacking twice leaves a column of all sixteen in each.
        var r0 = Quarters(rows, at) ^ flips;
        var r1 = Quarters(rows + 1, at) ^ flips;
        var r2 = Quarters(rows + 2, at) ^ flips;
        var r3 = Quarters(rows + 3, at) ^ flips;
        var low01 = Avx512F.UnpackLow(r0, r1).AsInt64();
        var high01 = Avx512F.UnpackHigh(r0, r1).AsInt64();
        var low23 = Avx512F.UnpackLow(r2, r3).AsInt64();
        var high23 = Avx512F.UnpackHigh(r2, r3).AsInt64();
        Avx512F.UnpackLow(low01, low23).Store((long*)target);
        Avx512F.UnpackHigh(low01, low23).Store((long*)(target + ColumnBytes));
        Avx512F.UnpackLow(high01, high23).Store((long*)(target + 2 * ColumnBytes));
        Avx512F.UnpackHigh(high01, high23).Store((long*)(target + 3 * ColumnBytes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Quarters(byte** rows, nint at)
    {
        var low = Vector256.Create(Vector128.Load((int*)(rows[0] + at)), Vector128.Load((int*)(rows[4] + at)));
        var high = Vector256.Create(Vector128.Load((int*)(rows[8] + at)), Vector128.Load((int*)(rows[12] + at)));
        return Vector512.Create(low, high);
    }
}

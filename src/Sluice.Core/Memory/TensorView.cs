using System.Diagnostics;
using Sluice.Core.Quant;

namespace Sluice.Core.Memory;

/// <summary>
/// A borrowed two-dimensional view of weights in their stored format: <see cref="Rows"/> x <see cref="Cols"/>, rows
/// <see cref="RowStrideBytes"/> apart. It owns nothing: the file or buffer it came from must outlive it. Slicing costs nothing, which
/// is how a rank opens only its part of a weight.
/// </summary>
public readonly unsafe struct TensorView
{
    private readonly byte* _address;
    private readonly bool _isMapped;

    /// <param name="address">First byte of row 0.</param>
    /// <param name="type">Stored type; a row must be whole blocks of it.</param>
    /// <param name="rows">Rows; a vector has one.</param>
    /// <param name="cols">Elements of one row.</param>
    /// <param name="rowStrideBytes">Distance between rows, in bytes.</param>
    /// <param name="isMapped">Whether the memory is that of a <see cref="MappedFile"/>.</param>
    public TensorView(byte* address, DType type, long rows, long cols, long rowStrideBytes, bool isMapped = false)
    {
        _address = address;
        Type = type;
        Rows = rows;
        Cols = cols;
        RowStrideBytes = rowStrideBytes;
        _isMapped = isMapped;
    }

    public DType Type { get; }

    public long Rows { get; }

    public long Cols { get; }

    public long RowStrideBytes { get; }

    /// <summary>First byte of row 0, for kernels only.</summary>
    public byte* Address => _address;

    /// <summary>Whether this is a part of <paramref name="whole"/>, or all of it.</summary>
    public bool LiesIn(TensorView whole) => _address >= whole._address && _address < whole._address + whole.Rows * whole.RowStrideBytes;

    /// <summary>Bytes of one row's elements (at most <see cref="RowStrideBytes"/>).</summary>
    public long RowBytes => BlockFormats.Of(Type).BytesFor(Cols);

    public ReadOnlySpan<byte> Row(long row)
    {
        Debug.Assert((ulong)row < (ulong)Rows);
        return new ReadOnlySpan<byte>(_address + row * RowStrideBytes, checked((int)RowBytes));
    }

    /// <summary>
    /// Takes what lies between the first row and the last out of the process's memory, if it is a file's: read again, it comes back.
    /// </summary>
    public void DropPages()
    {
        if (_isMapped)
            MemoryAdvice.DropMapped(_address, Rows * RowStrideBytes);
    }

    /// <summary>Rows [<paramref name="start"/>, start + count): what a column-parallel layer or one expert needs.</summary>
    public TensorView SliceRows(long start, long count)
    {
        Debug.Assert(start >= 0 && count >= 0 && start + count <= Rows);
        return new TensorView(_address + start * RowStrideBytes, Type, count, Cols, RowStrideBytes, _isMapped);
    }

    /// <summary>Columns [<paramref name="start"/>, start + count) of every row, whole blocks: what a row-parallel layer needs.</summary>
    public TensorView SliceCols(long start, long count)
    {
        var format = BlockFormats.Of(Type);
        Debug.Assert(start >= 0 && count >= 0 && start + count <= Cols);
        Debug.Assert(start % format.BlockElements == 0 && count % format.BlockElements == 0);
        return new TensorView(_address + format.BytesFor(start), Type, Rows, count, RowStrideBytes, _isMapped);
    }
}

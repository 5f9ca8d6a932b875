using Sluice.Core.Quant;

namespace Sluice.Core.Memory;

/// <summary>Rows of stored elements in memory of their own, to be filled row by row. Views of it are valid until it is disposed.</summary>
public sealed unsafe class OwnedMatrix : IDisposable
{
    private readonly NativeBuffer _buffer;
    private readonly TensorView _view;
    private bool _disposed;

    /// <param name="cols">Elements of a row; whole blocks of the type. They begin as zeros.</param>
    public OwnedMatrix(DType type, long rows, long cols)
    {
        long rowBytes = BlockFormats.Of(type).BytesFor(cols);
        _buffer = new NativeBuffer(checked(rows * rowBytes), clear: true);
        _view = new TensorView(_buffer.Address, type, rows, cols, rowBytes);
    }

    public TensorView View
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _view;
        }
    }

    /// <summary>The bytes of a row.</summary>
    public Span<byte> Row(long row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)row, (ulong)_view.Rows, nameof(row));
        return new Span<byte>(_buffer.Address + row * _view.RowStrideBytes, checked((int)_view.RowStrideBytes));
    }

    public void Dispose()
    {
        _disposed = true;
        _buffer.Dispose();
    }
}

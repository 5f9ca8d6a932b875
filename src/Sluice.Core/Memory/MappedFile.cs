using System.IO.MemoryMappedFiles;
using Sluice.Core.Errors;
using Sluice.Core.Quant;

namespace Sluice.Core.Memory;

/// <summary>The owner of a whole file mapped read-only. Views of it are valid until it is disposed.</summary>
public sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _accessor;
    private byte* _address;
    private bool _disposed;

    /// <exception cref="ModelFileException">The file is absent or cannot be read.</exception>
    public MappedFile(string path)
    {
        Path = path;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            Length = stream.Length;
            if (Length == 0)
                return; // an empty file cannot be mapped; it has no byte that could be asked for
            _map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            _accessor = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            _map?.Dispose();
            throw new ModelFileException(path, $"cannot be opened: {e.Message}", inner: e);
        }
        byte* address = null;
        _accessor.SafeMemoryMappedViewHandle.AcquirePointer(ref address);
        _address = address + _accessor.PointerOffset;
        MemoryAdvice.UseLargePages(_address, Length);
    }

    public string Path { get; }

    /// <summary>Length in bytes.</summary>
    public long Length { get; }

    /// <summary>The first byte; null for an empty file.</summary>
    public byte* Address => _address;

    /// <summary>Bytes [<paramref name="offset"/>, offset + count), which must lie inside the file.</summary>
    public ReadOnlySpan<byte> Span(long offset, int count)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (offset < 0 || count < 0 || offset > Length - count)
            throw new ModelFileException(Path, $"{count} bytes wanted past the end of a file of {Length} bytes", offset);
        return new ReadOnlySpan<byte>(_address + offset, count);
    }

    /// <summary><paramref name="rows"/> x <paramref name="cols"/> elements without gaps from <paramref name="offset"/>, which must lie inside the file.</summary>
    public TensorView View(long offset, DType type, long rows, long cols)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        long rowBytes = BlockFormats.Of(type).BytesFor(cols);
        if (offset < 0 || rows < 0 || cols < 0 || (Int128)rows * rowBytes > Length - offset)
            throw new ModelFileException(Path, $"{rows} x {cols} elements of {type} wanted past the end of a file of {Length} bytes", offset);
        return new TensorView(_address + offset, type, rows, cols, rowBytes, isMapped: true);
    }

    public void Dispose()
    {
        _disposed = true;
        if (_address is not null)
        {
            _address = null;
            _accessor!.SafeMemoryMappedViewHandle.ReleasePointer();
        }
        _accessor?.Dispose();
        _map?.Dispose();
    }
}

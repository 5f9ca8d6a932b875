using System.Buffers.Binary;
using Sluice.Core.Errors;
using Sluice.Core.Memory;

namespace Sluice.Models.Files;

/// <summary>
/// One safetensors file, read and validated: the length of the header, the header, then data that the tensors cover without overlap or
/// hole, as the format demands. Whoever opened it disposes <see cref="File"/>.
/// </summary>
/// <param name="Tensors">All tensors in the order of their data.</param>
internal sealed record SafetensorsShard(MappedFile File, IReadOnlyDictionary<string, string> Metadata, TensorInfo[] Tensors)
{
    private const int MaxHeaderBytes = 100_000_000; // the limit of the format's reference implementation

    /// <param name="index">Which shard of the model it is; becomes <see cref="TensorInfo.File"/>.</param>
    public static SafetensorsShard Open(string path, int index)
    {
        var file = new MappedFile(path);
        try
        {
            var metadata = new Dictionary<string, string>();
            int length = HeaderLength(file);
            var tensors = TensorRanges.Ordered(file, new SafetensorsHeader(file, index, length).Read(metadata));
            RefuseHoles(file, tensors, SafetensorsHeader.LengthBytes + length);
            return new SafetensorsShard(file, metadata, tensors);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static int HeaderLength(MappedFile file)
    {
        if (file.Length < SafetensorsHeader.LengthBytes)
            throw new ModelFileException(file.Path, $"{file.Length} bytes are too few for a safetensors file");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span(0, SafetensorsHeader.LengthBytes));
        long left = file.Length - SafetensorsHeader.LengthBytes;
        if (length > (ulong)left)
            throw new ModelFileException(file.Path, $"a header of {length} bytes, but {left} are left; cut short, or not safetensors", 0);
        if (length > MaxHeaderBytes)
            throw new ModelFileException(file.Path, $"a header of {length} bytes, more than the {MaxHeaderBytes} that are accepted", 0);
        return (int)length;
    }

    private static void RefuseHoles(MappedFile file, TensorInfo[] ordered, long dataStart)
    {
        long end = dataStart;
        foreach (var tensor in ordered)
        {
            if (tensor.Offset != end)
                throw new ModelFileException(
                    file.Path, $"{tensor.Offset - end} bytes before tensor {Printable.Quote(tensor.Name)} belong to no tensor", end);
            end += tensor.Bytes;
        }
        if (end != file.Length)
            throw new ModelFileException(file.Path, $"{file.Length - end} bytes after the last tensor belong to no tensor", end);
    }
}

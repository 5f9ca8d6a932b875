using Sluice.Core;
using Sluice.Core.Quant;

namespace Sluice.Models.Files;

/// <summary>The tensor table of a GGUF file, and the check that every tensor in it lies whole, aligned and alone inside the file.</summary>
internal static class GgufTensorTable
{
    private const int MaxTensors = 1 << 20;
    private const int MaxDimensions = 4;
    private const uint FirstForeignCode = (uint)DType.Bool; // from here on: types no GGUF file can name
    private const int LeastTensorBytes = 8 + 4 + 4 + 8;

    public static int ReadCount(GgufReader reader) => reader.Count("the tensor count", LeastTensorBytes, MaxTensors);

    /// <param name="reader">Stands at the first row of the table.</param>
    /// <param name="alignment">Bytes to a multiple of which the data section and every tensor in it are aligned.</param>
    /// <param name="file">Becomes <see cref="TensorInfo.File"/>.</param>
    public static List<TensorInfo> Read(GgufReader reader, int count, long alignment, int file)
    {
        var tensors = new List<TensorInfo>();
        var names = new HashSet<string>();
        for (int i = 0; i < count; i++)
        {
            long at = reader.Position;
            string name = reader.Name($"the name of tensor {i} of {count}");
            if (!names.Add(name))
                throw reader.Fail($"two tensors are named {Printable.Quote(name)}", at);
            tensors.Add(ReadRow(reader, name, file));
        }
        long dataStart = (reader.Position + alignment - 1) / alignment * alignment;
        for (int i = 0; i < count; i++)
            tensors[i] = Place(reader, tensors[i], dataStart, alignment);
        TensorRanges.Ordered(reader.File, tensors);
        return tensors;
    }

    /// <summary>One row of the table, its offset still relative to the data section.</summary>
    private static TensorInfo ReadRow(GgufReader reader, string name, int file)
    {
        string field = $"tensor {Printable.Quote(name)}";
        var shape = ReadShape(reader, field);
        long at = reader.Position;
        uint code = reader.U32(field);
        if (code >= FirstForeignCode || !BlockFormats.TryGet((DType)code, out var format))
            throw reader.Fail($"{field} has type code {code}, which is not known", at);
        if (TensorRanges.Bytes(format, shape) is not { } bytes)
            throw reader.Fail($"{field} of [{string.Join(", ", shape)}] elements is too large or no whole blocks of {format.Name}", at);
        at = reader.Position;
        ulong offset = reader.U64(field);
        if (offset > (ulong)reader.File.Length)
            throw reader.Fail($"{field} starts {offset} bytes into the data, past the end of the file", at);
        return new TensorInfo(name, format.Type, shape, file, (long)offset, bytes);
    }

    /// <summary>The file lists the fastest dimension first; a tensor without any is a scalar.</summary>
    private static long[] ReadShape(GgufReader reader, string field)
    {
        long at = reader.Position;
        uint dimensions = reader.U32(field);
        if (dimensions > MaxDimensions)
            throw reader.Fail($"{field} has {dimensions} dimensions, at most {MaxDimensions} are read", at);
        if (dimensions == 0)
            return [1];
        var shape = new long[dimensions];
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            at = reader.Position;
            ulong length = reader.U64(field);
            if (length is 0 or > long.MaxValue)
                throw reader.Fail($"{field} has a dimension of {length}", at);
            shape[i] = (long)length;
        }
        return shape;
    }

    private static TensorInfo Place(GgufReader reader, TensorInfo tensor, long dataStart, long alignment)
    {
        string field = $"tensor {Printable.Quote(tensor.Name)}";
        long offset = dataStart + tensor.Offset;
        if (tensor.Offset % alignment != 0)
            throw reader.Fail($"{field} starts {tensor.Offset} bytes into the data, no multiple of {alignment}", offset);
        if (tensor.Bytes > reader.File.Length - offset)
            throw reader.Fail($"{field} takes {tensor.Bytes} bytes, past the end of the file; it is cut short or damaged", offset);
        return tensor with { Offset = offset };
    }
}

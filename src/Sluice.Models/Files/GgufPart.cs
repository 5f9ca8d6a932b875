using System.Numerics;
using Sluice.Core.Memory;

namespace Sluice.Models.Files;

/// <summary>One GGUF file, read and validated: header, metadata, tensor table. Whoever opened it disposes <see cref="File"/>.</summary>
internal sealed record GgufPart(MappedFile File, int Version, GgufMetadata Metadata, List<TensorInfo> Tensors)
{
    private const int MaxKeys = 1 << 16;
    private const int MaxAlignment = 1 << 20;
    private const int DefaultAlignment = 32;
    private const int VersionAt = 4;
    private const uint BigEndian2 = 0x0200_0000;
    private const uint BigEndian3 = 0x0300_0000;
    private const int LeastKeyBytes = 8 + 4 + 1;

    /// <param name="path">The file.</param>
    /// <param name="index">Which part of the model it is; becomes <see cref="TensorInfo.File"/>.</param>
    public static GgufPart Open(string path, int index)
    {
        var file = new MappedFile(path);
        try
        {
            return Read(new GgufReader(file), index);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static GgufPart Read(GgufReader reader, int index)
    {
        int version = ReadVersion(reader);
        int tensorCount = GgufTensorTable.ReadCount(reader);
        int keyCount = reader.Count("the key count", LeastKeyBytes, MaxKeys);
        var metadata = new GgufMetadata(reader.File, ReadValues(reader, keyCount));
        long alignment = ReadAlignment(reader, metadata);
        return new GgufPart(reader.File, version, metadata, GgufTensorTable.Read(reader, tensorCount, alignment, index));
    }

    private static int ReadVersion(GgufReader reader)
    {
        if (reader.Remaining == 0)
            throw reader.Fail("the file is empty, no GGUF file");
        var magic = reader.Take(4, "the magic number");
        if (!magic.SequenceEqual("GGUF"u8))
            throw reader.Fail($"no GGUF file: it starts with {Printable.Quote(magic)}, not 'GGUF'", 0);
        uint version = reader.U32("the version");
        return version switch
        {
            2 or 3 => (int)version,
            1 => throw reader.Fail("GGUF version 1 is not read; convert the model again with a current converter", VersionAt),
            BigEndian2 or BigEndian3 => throw reader.Fail("a big-endian GGUF file is not read; convert it to little-endian", VersionAt),
            _ => throw reader.Fail($"unknown GGUF version {version}; versions 2 and 3 are read", VersionAt),
        };
    }

    private static OrderedDictionary<string, GgufValue> ReadValues(GgufReader reader, int count)
    {
        var values = new OrderedDictionary<string, GgufValue>();
        for (int i = 0; i < count; i++)
        {
            long at = reader.Position;
            string key = reader.Name($"key {i} of {count}");
            if (!values.TryAdd(key, reader.Value($"the value of key {Printable.Quote(key)}")))
                throw reader.Fail($"key {Printable.Quote(key)} is there twice", at);
        }
        return values;
    }

    private static long ReadAlignment(GgufReader reader, GgufMetadata metadata)
    {
        const string Key = "general.alignment";
        long alignment = metadata.Integer(Key) ?? DefaultAlignment;
        if (alignment is < 1 or > MaxAlignment || !BitOperations.IsPow2(alignment))
            throw metadata.Fail(Key, $"is {alignment}, expected a power of two up to {MaxAlignment}");
        return alignment;
    }
}

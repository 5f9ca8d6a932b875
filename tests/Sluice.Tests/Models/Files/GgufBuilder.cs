using System.Text;

namespace Sluice.Tests.Models.Files;

/// <summary>Writes GGUF files for tests, by the format's specification and by nothing of the reader under test.</summary>
internal sealed class GgufBuilder
{
    public const uint U8 = 0, I8 = 1, U16 = 2, I16 = 3, U32 = 4, I32 = 5, F32 = 6;
    public const uint Bool = 7, Str = 8, Arr = 9, U64 = 10, I64 = 11, F64 = 12;

    private readonly List<Action<BinaryWriter>> _keys = [];
    private readonly List<(string Name, ulong[] Dimensions, uint Type, byte[] Data, ulong? Offset)> _tensors = [];

    public uint Version { get; init; } = 3;

    public int Alignment { get; init; } = 32;

    /// <summary>A key of a kind whose payload <paramref name="write"/> writes.</summary>
    public GgufBuilder Key(string key, uint kind, Action<BinaryWriter> write)
    {
        _keys.Add(w =>
        {
            Text(w, key);
            w.Write(kind);
            write(w);
        });
        return this;
    }

    public GgufBuilder Key(string key, uint value) => Key(key, U32, w => w.Write(value));

    public GgufBuilder Key(string key, ushort value) => Key(key, U16, w => w.Write(value));

    public GgufBuilder Key(string key, int value) => Key(key, I32, w => w.Write(value));

    public GgufBuilder Key(string key, float value) => Key(key, F32, w => w.Write(value));

    public GgufBuilder Key(string key, string value) => Key(key, Str, w => Text(w, value));

    public GgufBuilder ArrayKey(string key, uint element, int count, Action<BinaryWriter> elements) => Key(key, Arr, w =>
    {
        w.Write(element);
        w.Write((ulong)count);
        elements(w);
    });

    public GgufBuilder Strings(string key, params byte[][] values) => ArrayKey(key, Str, values.Length, w =>
    {
        foreach (byte[] value in values)
        {
            w.Write((ulong)value.Length);
            w.Write(value);
        }
    });

    /// <param name="dimensions">Fastest first, as the format has them.</param>
    /// <param name="offset">Where the table says the data is; by default where it is.</param>
    public GgufBuilder Tensor(string name, ulong[] dimensions, uint type, byte[] data, ulong? offset = null)
    {
        _tensors.Add((name, dimensions, type, data, offset));
        return this;
    }

    public GgufBuilder F32Tensor(string name, params float[] values)
    {
        var data = new byte[4 * values.Length];
        Buffer.BlockCopy(values, 0, data, 0, data.Length);
        return Tensor(name, [(ulong)values.Length], 0, data);
    }

    public byte[] Build()
    {
        var stream = new MemoryStream();
        var w = new BinaryWriter(stream);
        w.Write("GGUF"u8);
        w.Write(Version);
        w.Write((ulong)_tensors.Count);
        w.Write((ulong)_keys.Count);
        foreach (var key in _keys)
            key(w);
        ulong next = 0;
        foreach (var (name, dimensions, type, data, offset) in _tensors)
        {
            Text(w, name);
            w.Write((uint)dimensions.Length);
            foreach (ulong dimension in dimensions)
                w.Write(dimension);
            w.Write(type);
            w.Write(offset ?? next);
            next = (ulong)Aligned((long)next + data.Length);
        }
        foreach (var (_, _, _, data, _) in _tensors)
        {
            Pad(stream);
            w.Write(data);
        }
        Pad(stream);
        return stream.ToArray();
    }

    public static void Text(BinaryWriter w, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        w.Write((ulong)bytes.Length);
        w.Write(bytes);
    }

    private void Pad(MemoryStream stream)
    {
        while (stream.Length != Aligned(stream.Length))
            stream.WriteByte(0);
    }

    private long Aligned(long length) => (length + Alignment - 1) / Alignment * Alignment;
}

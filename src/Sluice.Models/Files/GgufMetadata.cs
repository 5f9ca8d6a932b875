using System.Runtime.InteropServices;
using System.Text;
using Sluice.Core.Errors;
using Sluice.Core.Memory;

namespace Sluice.Models.Files;

/// <summary>
/// The key-value section of a GGUF file. A getter returns null for an absent key and throws <see cref="ModelFileException"/> for one of
/// another kind; a <c>Require</c> getter throws for an absent key as well. Values stay in the mapped file and are decoded on demand, so all
/// of this is valid until the file is disposed.
/// </summary>
public sealed class GgufMetadata
{
    private readonly MappedFile _file;
    private readonly OrderedDictionary<string, GgufValue> _values;

    internal GgufMetadata(MappedFile file, OrderedDictionary<string, GgufValue> values)
    {
        _file = file;
        _values = values;
    }

    /// <summary>The file that holds these values: the first one of a split model.</summary>
    public string Path => _file.Path;

    /// <summary>All keys in file order.</summary>
    public IReadOnlyList<string> Keys => _values.Keys;

    /// <summary>All values in file order, as a listing shows them.</summary>
    public IEnumerable<MetadataEntry> Entries =>
        _values.Select(v => new MetadataEntry(v.Key, v.Value.KindName, GgufDisplay.Of(_file, v.Value)));

    public bool Contains(string key) => _values.ContainsKey(key);

    /// <summary>Whether the key is there and holds an array: per-layer values are written either way.</summary>
    public bool IsArray(string key) => _values.TryGetValue(key, out var value) && value.Kind == GgufKind.Array;

    /// <summary>Text; bytes that are not UTF-8 become U+FFFD.</summary>
    public string? String(string key) =>
        Find(key, v => v.Kind == GgufKind.String, "a string") is { } value
            ? Encoding.UTF8.GetString(_file.Span(value.Offset, value.Count))
            : null;

    /// <summary>An integer of any width.</summary>
    public long? Integer(string key) => Find(key, v => v.Kind.IsInteger(), "an integer") is { } value ? IntegerAt(key, value, 0) : null;

    /// <summary>A number of any kind, integers included.</summary>
    public double? Float(string key) =>
        Find(key, v => v.Kind.IsNumber(), "a number") is { } value ? GgufScalars.Number(value.Kind, Bytes(value)) : null;

    public bool? Bool(string key) => Find(key, v => v.Kind == GgufKind.Bool, "a bool") is { } value ? Bytes(value)[0] != 0 : null;

    /// <summary>An array of strings, decoded entry by entry on demand.</summary>
    public Utf8Strings? Strings(string key) =>
        Find(key, v => v is { Kind: GgufKind.Array, Element: GgufKind.String }, "an array of strings") is { } value
            ? new Utf8Strings(_file, value.Offset, value.Count)
            : null;

    /// <summary>An array of numbers of any kind; a single number is an array of one.</summary>
    public float[]? Floats(string key)
    {
        if (Find(key, v => v.Element.IsNumber(), "an array of numbers") is not { } value)
            return null;
        var bytes = Bytes(value);
        if (value.Element == GgufKind.F32 && BitConverter.IsLittleEndian)
            return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        int size = value.Element.FixedBytes();
        var floats = new float[value.Count];
        for (int i = 0; i < floats.Length; i++)
            floats[i] = (float)GgufScalars.Number(value.Element, bytes[(i * size)..]);
        return floats;
    }

    /// <summary>An array of integers of any width; a single integer is an array of one.</summary>
    public int[]? Integers(string key)
    {
        if (Find(key, v => v.Element.IsInteger(), "an array of integers") is not { } value)
            return null;
        var integers = new int[value.Count];
        for (int i = 0; i < integers.Length; i++)
        {
            long integer = IntegerAt(key, value, i);
            if (integer is < int.MinValue or > int.MaxValue)
                throw Fail(key, value, $"holds {integer} at index {i}, which does not fit 32 bits");
            integers[i] = (int)integer;
        }
        return integers;
    }

    /// <summary>An array of truth values; a single one is an array of one.</summary>
    public bool[]? Bools(string key)
    {
        if (Find(key, v => v.Element == GgufKind.Bool, "an array of bools") is not { } value)
            return null;
        var bools = new bool[value.Count];
        var bytes = Bytes(value);
        for (int i = 0; i < bools.Length; i++)
            bools[i] = bytes[i] != 0;
        return bools;
    }

    public string RequireString(string key) => String(key) ?? throw Missing(key);

    public long RequireInteger(string key) => Integer(key) ?? throw Missing(key);

    public double RequireFloat(string key) => Float(key) ?? throw Missing(key);

    public bool RequireBool(string key) => Bool(key) ?? throw Missing(key);

    public Utf8Strings RequireStrings(string key) => Strings(key) ?? throw Missing(key);

    public float[] RequireFloats(string key) => Floats(key) ?? throw Missing(key);

    public int[] RequireIntegers(string key) => Integers(key) ?? throw Missing(key);

    /// <summary>An error about the value of a key that is there: its kind is right, what it says cannot be.</summary>
    public ModelFileException Fail(string key, string problem) => Fail(key, _values[key], problem);

    private GgufValue? Find(string key, Func<GgufValue, bool> fits, string expected)
    {
        if (!_values.TryGetValue(key, out var value))
            return null;
        return fits(value) ? value : throw Fail(key, value, $"is {value.KindName}, expected {expected}");
    }

    private ReadOnlySpan<byte> Bytes(GgufValue value) => _file.Span(value.Offset, value.Count * value.Element.FixedBytes());

    private long IntegerAt(string key, GgufValue value, int index)
    {
        int size = value.Element.FixedBytes();
        return GgufScalars.TryInteger(value.Element, _file.Span(value.Offset + (long)index * size, size), out long integer)
            ? integer
            : throw Fail(key, value, "holds an integer that does not fit 63 bits");
    }

    private ModelFileException Fail(string key, GgufValue value, string problem) =>
        new(Path, $"key {Printable.Quote(key)} {problem}", value.Offset);

    private ModelFileException Missing(string key) => new(Path, $"missing key {Printable.Quote(key)}");
}

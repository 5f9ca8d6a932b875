using System.Text.Json;
using Sluice.Core.Errors;
using Sluice.Core.Memory;
using Sluice.Core.Quant;

namespace Sluice.Models.Files;

/// <summary>Reads the JSON header of a safetensors file: one object, a tensor per member, and <c>__metadata__</c> with strings.</summary>
internal ref struct SafetensorsHeader
{
    /// <summary>The header's own length, before the header.</summary>
    public const int LengthBytes = 8;

    private const int MaxDepth = 8; // the format needs three
    private const int MaxTensors = 1 << 20;
    private const int MaxDimensions = 16;

    private readonly MappedFile _file;
    private readonly int _index;
    private readonly long _dataStart;
    private Utf8JsonReader _json;

    /// <param name="index">Becomes <see cref="TensorInfo.File"/>.</param>
    /// <param name="length">Bytes of the header, which lie inside the file.</param>
    public SafetensorsHeader(MappedFile file, int index, int length)
    {
        _file = file;
        _index = index;
        _dataStart = LengthBytes + length;
        _json = new Utf8JsonReader(file.Span(LengthBytes, length), new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>All tensors in header order, their places not yet checked against each other.</summary>
    public List<TensorInfo> Read(Dictionary<string, string> metadata)
    {
        try
        {
            return ReadRoot(metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader calls text that is not UTF-8 an invalid operation.
            throw Fail($"the header is no valid JSON: {Printable.Problem(e)}", e);
        }
    }

    private List<TensorInfo> ReadRoot(Dictionary<string, string> metadata)
    {
        var tensors = new List<TensorInfo>();
        var names = new HashSet<string>();
        Next(JsonTokenType.StartObject, "the header");
        while (NextMember("the header") is { } name)
        {
            if (!names.Add(name))
                throw Fail($"two entries are named {Printable.Quote(name)}");
            if (name == "__metadata__")
                ReadMetadata(metadata);
            else
                tensors.Add(ReadTensor(name));
            if (tensors.Count > MaxTensors)
                throw Fail($"more than {MaxTensors} tensors");
        }
        _json.Read(); // only white space may follow; anything else is invalid JSON
        return tensors;
    }

    private void ReadMetadata(Dictionary<string, string> metadata)
    {
        Next(JsonTokenType.StartObject, "__metadata__");
        while (NextMember("__metadata__") is { } key)
        {
            Next(JsonTokenType.String, $"__metadata__ {Printable.Quote(key)}");
            metadata[key] = _json.GetString()!;
        }
    }

    private TensorInfo ReadTensor(string name)
    {
        string field = $"tensor {Printable.Quote(name)}";
        string? typeName = null;
        long[]? shape = null, range = null;
        Next(JsonTokenType.StartObject, field);
        while (NextMember(field) is { } member)
        {
            switch (member)
            {
                case "dtype":
                    Next(JsonTokenType.String, $"dtype of {field}");
                    typeName = _json.GetString();
                    break;
                case "shape":
                    shape = ReadIntegers($"shape of {field}");
                    break;
                case "data_offsets":
                    range = ReadIntegers($"data_offsets of {field}");
                    break;
                default:
                    _json.Skip();
                    break;
            }
        }
        if (typeName is null || shape is null || range is not { Length: 2 })
            throw Fail($"{field} needs a dtype, a shape and two data_offsets");
        return Place(name, field, typeName, shape, range);
    }

    private readonly TensorInfo Place(string name, string field, string typeName, long[] shape, long[] range)
    {
        if (!SafetensorsTypes.TryGet(typeName, out var type))
            throw Fail($"{field} has dtype {Printable.Quote(typeName)}, which is not known");
        if (shape.Length == 0)
            shape = [1]; // a scalar
        long length = range[1] - range[0], data = _file.Length - _dataStart;
        if (length < 0 || range[1] > data)
            throw Fail($"{field} has data_offsets [{range[0]}, {range[1]}], but the file holds {data} bytes of data");
        if (TensorRanges.Bytes(BlockFormats.Of(type), shape) != length)
            throw Fail($"{field} has {length} bytes of data, which [{string.Join(", ", shape)}] elements of {typeName} do not take");
        return new TensorInfo(name, type, shape, _index, _dataStart + range[0], length);
    }

    private long[] ReadIntegers(string field)
    {
        var integers = new List<long>();
        Next(JsonTokenType.StartArray, field);
        while (Read(field) != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out long integer) || integer < 0)
                throw Fail($"{field} holds something else than a size");
            if (integers.Count == MaxDimensions)
                throw Fail($"{field} has more than {MaxDimensions} entries");
            integers.Add(integer);
        }
        return [.. integers];
    }

    /// <summary>The name of an object's next member, or null at its end.</summary>
    private string? NextMember(string field) => Read(field) == JsonTokenType.PropertyName ? _json.GetString() : null;

    private void Next(JsonTokenType expected, string field)
    {
        if (Read(field) != expected)
            throw Fail($"{field} is no JSON {expected switch
            {
                JsonTokenType.String => "string",
                JsonTokenType.StartArray => "array",
                _ => "object",
            }}");
    }

    private JsonTokenType Read(string field) => _json.Read() ? _json.TokenType : throw Fail($"the header ends inside {field}");

    private readonly ModelFileException Fail(string problem, Exception? inner = null) =>
        new(_file.Path, problem, LengthBytes + _json.BytesConsumed, inner);
}

using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>
/// The fields of one JSON object of a request, read by name and checked as they are read. JSON null is as good as absent. Every error names
/// the field by its path from the root, such as <c>messages[0].content</c>.
/// </summary>
internal readonly struct JsonFields
{
    private readonly JsonElement _object;
    private readonly string _path;

    /// <param name="path">Of the object itself; empty for the root.</param>
    /// <exception cref="InvalidRequestException">It is no object.</exception>
    public JsonFields(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw path.Length == 0
                ? new InvalidRequestException("The body must be a JSON object.", code: "invalid_type")
                : FieldError.WrongType(value, path, "an object");
        }
        _object = value;
        _path = path;
    }

    /// <summary>An option that is silently ignored would be a lie, so a name that the dialect does not know is refused.</summary>
    public void RefuseUnknown(FrozenSet<string> known)
    {
        foreach (JsonProperty field in _object.EnumerateObject())
        {
            if (!known.Contains(field.Name))
                throw FieldError.Unknown(PathOf(field.Name));
        }
    }

    public string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    public JsonElement? Find(string name) =>
        _object.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public JsonElement Require(string name) => Find(name) ?? throw FieldError.Missing(PathOf(name));

    public string? Text(string name) => Find(name) is { } value ? TextOf(value, PathOf(name)) : null;

    public string RequireText(string name) => TextOf(Require(name), PathOf(name));

    public bool? Boolean(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } other => throw FieldError.WrongType(other, PathOf(name), "a boolean"),
    };

    public int? Integer(string name, int least, int most = int.MaxValue)
    {
        if (FindNumber(name, "an integer") is not { } value)
            return null;
        if (value.TryGetInt32(out int number) && number >= least && number <= most)
            return number;
        string range = most == int.MaxValue ? $"of at least {least}" : $"from {least} to {most}";
        throw FieldError.WrongValue(value, PathOf(name), $"an integer {range}");
    }

    public long? Long(string name)
    {
        if (FindNumber(name, "an integer") is not { } value)
            return null;
        return value.TryGetInt64(out long number) ? number : throw FieldError.WrongValue(value, PathOf(name), "an integer of 64 bits");
    }

    public float? Number(string name, float least, float most)
    {
        if (FindNumber(name, "a number") is not { } value)
            return null;
        if (value.TryGetSingle(out float number) && number >= least && number <= most)
            return number;
        throw FieldError.WrongValue(value, PathOf(name), FormattableString.Invariant($"a number from {least} to {most}"));
    }

    /// <summary>The items of an array with their paths; null where there is no such field.</summary>
    public IEnumerable<(JsonElement Item, string Path)>? Items(string name, string expected)
    {
        if (Find(name) is not { } array)
            return null;
        string path = PathOf(name);
        if (array.ValueKind != JsonValueKind.Array)
            throw FieldError.WrongType(array, path, expected);
        return array.EnumerateArray().Select((item, index) => (item, $"{path}[{index}]"));
    }

    public static string TextOf(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw FieldError.WrongType(value, path, "a string");

    private JsonElement? FindNumber(string name, string expected)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Number ? value : throw FieldError.WrongType(value, PathOf(name), expected);
    }
}

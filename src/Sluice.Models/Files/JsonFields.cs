using System.Text.Json;
using Sluice.Core.Errors;

namespace Sluice.Models.Files;

/// <summary>
/// The members of a JSON object in a file, typed. A getter returns null for a member that is absent or null and throws
/// <see cref="ModelFileException"/>, naming file and field, for one of another type; a <c>Require</c> getter throws for an absent one as
/// well. A list getter reads a single value as a list of one, because fields like <c>eos_token_id</c> are written either way.
/// </summary>
public sealed class JsonFields
{
    private const int MaxFileBytes = 64 << 20;
    private const int MaxDepth = 64;

    private readonly string _prefix;

    private JsonFields(string path, string prefix, JsonElement root)
    {
        Path = path;
        _prefix = prefix;
        Root = root;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The object itself, for what the getters do not cover.</summary>
    public JsonElement Root { get; }

    /// <summary>Names of all members, in file order.</summary>
    public IEnumerable<string> Names => Root.EnumerateObject().Select(m => Decoded(() => m.Name, "a member's name"));

    /// <summary>Reads a file that holds one JSON object.</summary>
    public static JsonFields Read(string path)
    {
        var text = TextFile.ReadUtf8(path, MaxFileBytes);
        try
        {
            var root = JsonElement.Parse(text.Span, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return root.ValueKind == JsonValueKind.Object
                ? new JsonFields(path, "", root)
                : throw new ModelFileException(path, $"holds {Describe(root.ValueKind)}, expected a JSON object");
        }
        catch (JsonException e)
        {
            throw new ModelFileException(path, $"no valid JSON in line {e.LineNumber + 1}: {Printable.Problem(e)}", inner: e);
        }
    }

    /// <summary>An object that was parsed elsewhere, as a part of the file at <paramref name="path"/>.</summary>
    internal static JsonFields Of(string path, JsonElement root) => new(path, "", root);

    public bool Contains(string name) => Find(name) is not null;

    /// <summary>Type of a member; <see cref="JsonValueKind.Undefined"/> where it is absent or null.</summary>
    public JsonValueKind Kind(string name) => Find(name)?.ValueKind ?? JsonValueKind.Undefined;

    public string? String(string name) => Find(name) is { } value ? AsString(name, value) : null;

    /// <summary>A whole number; one written as 4096.0 counts.</summary>
    public long? Integer(string name) => Find(name) is { } value ? AsInteger(name, value) : null;

    public double? Float(string name) => Find(name) is { } value ? AsFloat(name, value) : null;

    public bool? Bool(string name) => Find(name) is { } value ? AsBool(name, value) : null;

    public JsonFields? Object(string name) => Find(name) is { } value ? AsObject(name, value) : null;

    public string[]? Strings(string name) => List(name, AsString);

    public int[]? Integers(string name) => List(name, AsInt32);

    public float[]? Floats(string name) => List(name, (n, value) => (float)AsFloat(n, value));

    public JsonFields[]? Objects(string name) => List(name, AsObject);

    public string RequireString(string name) => String(name) ?? throw Missing(name);

    public long RequireInteger(string name) => Integer(name) ?? throw Missing(name);

    public double RequireFloat(string name) => Float(name) ?? throw Missing(name);

    public bool RequireBool(string name) => Bool(name) ?? throw Missing(name);

    public JsonFields RequireObject(string name) => Object(name) ?? throw Missing(name);

    /// <summary>An error about a member that is there and has the right type, but says what cannot be.</summary>
    public ModelFileException Fail(string name, string problem) => new(Path, $"field {Printable.Quote(_prefix + name)} {problem}");

    private JsonElement? Find(string name) =>
        Root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private T[]? List<T>(string name, Func<string, JsonElement, T> read) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(e => read(name, e))],
        { } single => [read(name, single)],
    };

    private string AsString(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? Decoded(() => value.GetString()!, name) : throw Mismatch(name, value, "a string");

    private double AsFloat(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Mismatch(name, value, "a number");

    private long AsInteger(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            if (value.TryGetInt64(out long integer))
                return integer;
            double number = value.GetDouble();
            if (double.IsInteger(number) && Math.Abs(number) < 1L << 53)
                return (long)number;
        }
        throw Mismatch(name, value, "a whole number");
    }

    private int AsInt32(string name, JsonElement value)
    {
        long integer = AsInteger(name, value);
        return integer is >= int.MinValue and <= int.MaxValue ? (int)integer : throw Fail(name, $"is {integer}, too large for 32 bits");
    }

    private bool AsBool(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Mismatch(name, value, "true or false"),
    };

    private JsonFields AsObject(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
            ? new JsonFields(Path, $"{_prefix}{name}.", value)
            : throw Mismatch(name, value, "an object");

    /// <summary>An escape may name half a surrogate pair, which only shows when the text is decoded.</summary>
    private string Decoded(Func<string> decode, string name)
    {
        try
        {
            return decode();
        }
        catch (InvalidOperationException e)
        {
            throw new ModelFileException(Path, $"field {Printable.Quote(_prefix + name)} has a broken escape", inner: e);
        }
    }

    private ModelFileException Missing(string name) => new(Path, $"missing field {Printable.Quote(_prefix + name)}");

    private ModelFileException Mismatch(string name, JsonElement value, string expected) =>
        Fail(name, $"is {(value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Describe(value.ValueKind))}, expected {expected}");

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}

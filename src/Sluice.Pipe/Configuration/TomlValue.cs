using System.Globalization;
using System.Text.Json.Nodes;

namespace Sluice.Pipe.Configuration;

/// <summary>A value of TOML as the JSON it stands for; dates are texts.</summary>
internal static class TomlValue
{
    private const int MaxDepth = 64;

    public static JsonNode Read(TomlText text, int depth = 0)
    {
        if (depth > MaxDepth)
            throw text.Fault($"values are nested more than {MaxDepth} deep");
        return text.Here switch
        {
            '"' or '\'' => JsonValue.Create(TomlString.Read(text)),
            '[' => ReadArray(text, depth),
            '{' => ReadInline(text, depth),
            _ => ReadBare(text),
        };
    }

    /// <summary>A key: names with dots between them, each bare or in quotes.</summary>
    public static List<string> ReadKey(TomlText text)
    {
        var path = new List<string>();
        do
        {
            text.SkipBlanks();
            string name = text.Here is '"' or '\'' ? TomlString.ReadShort(text) : text.TakeWhile(IsBare);
            if (name.Length == 0)
                throw text.Fault("a key is expected");
            path.Add(name);
            text.SkipBlanks();
        }
        while (text.TryTake("."));
        return path.Count <= MaxDepth ? path : throw text.Fault($"a key has more than {MaxDepth} parts");
    }

    /// <summary>Puts a value where its key says, making the tables on the way.</summary>
    public static void Put(TomlText text, JsonObject table, List<string> path, JsonNode value)
    {
        JsonObject into = Table(text, table, path.SkipLast(1));
        if (!into.TryAdd(path[^1], value))
            throw text.Fault($"'{string.Join('.', path)}' is set twice");
    }

    /// <summary>The table at a path, made where it is not there; of an array of tables the last.</summary>
    public static JsonObject Table(TomlText text, JsonObject root, IEnumerable<string> path)
    {
        JsonObject at = root;
        foreach (string name in path)
        {
            if (at[name] is null)
                at[name] = new JsonObject();
            at = at[name] switch
            {
                JsonObject table => table,
                JsonArray { Count: > 0 } tables when tables[^1] is JsonObject last => last,
                _ => throw text.Fault($"'{name}' is a value, not a table"),
            };
        }
        return at;
    }

    private static JsonArray ReadArray(TomlText text, int depth)
    {
        var array = new JsonArray();
        text.Expect("[");
        while (true)
        {
            text.SkipLines();
            if (text.TryTake("]"))
                return array;
            array.Add(Read(text, depth + 1));
            text.SkipLines();
            if (!text.TryTake(","))
            {
                text.Expect("]");
                return array;
            }
        }
    }

    private static JsonObject ReadInline(TomlText text, int depth)
    {
        var table = new JsonObject();
        text.Expect("{");
        text.SkipLines();
        while (!text.TryTake("}"))
        {
            List<string> path = ReadKey(text);
            text.Expect("=");
            text.SkipBlanks();
            Put(text, table, path, Read(text, depth + 1));
            text.SkipLines();
            if (!text.StartsWith("}"))
                text.Expect(",");
            text.SkipLines();
        }
        return table;
    }

    private static JsonValue ReadBare(TomlText text)
    {
        string word = text.TakeWhile(c => IsBare(c) || c is '+' or '.' or ':');
        string digits = word.Replace("_", "", StringComparison.Ordinal);
        if (word is "true" or "false")
            return JsonValue.Create(word == "true");
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
            return JsonValue.Create(whole);
        if (digits.StartsWith("0x", StringComparison.Ordinal)
            && long.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long hex))
            return JsonValue.Create(hex);
        if (double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            return JsonValue.Create(number);
        bool isDate = word.Length >= 10 && char.IsAsciiDigit(word[0]) && word[4] == '-';
        return isDate ? JsonValue.Create(word) : throw text.Fault(word.Length == 0 ? "a value is expected" : $"'{word}' is no value");
    }

    private static bool IsBare(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}

using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.Http.Schemas;

/// <summary>
/// JSON Schema 2020-12, as far as the published API schemas use it; an unknown keyword throws, so that nothing is checked by halves.
/// <c>format</c> only annotates, as the standard has it. The published examples, whose verdicts another validator computed, are its oracle.
/// </summary>
internal sealed class JsonSchema(JsonElement root)
{
    public static JsonSchema Load(string path) => new(JsonElement.Parse(File.ReadAllBytes(path)));

    /// <summary>What is wrong, as "path: problem"; empty for a valid value.</summary>
    public IReadOnlyList<string> Check(JsonElement value)
    {
        var problems = new List<string>();
        Check(root, value, "", problems);
        return problems;
    }

    private void Check(JsonElement schema, JsonElement value, string path, List<string> problems)
    {
        if (schema.ValueKind == JsonValueKind.True)
            return;
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            if (Problem(keyword, schema, value, path, problems) is { } problem)
                problems.Add($"{path}: {problem}");
        }
    }

    private string? Problem(JsonProperty keyword, JsonElement schema, JsonElement value, string path, List<string> problems)
    {
        JsonElement rule = keyword.Value;
        switch (keyword.Name)
        {
            case "$schema" or "$comment" or "$defs" or "default" or "format":
                return null;
            case "$ref":
                Check(Resolve(rule.GetString()!), value, path, problems);
                return null;
            case "type":
                return Words(rule).Any(type => IsOf(value, type)) ? null : $"is not of type {rule}";
            case "enum":
                return rule.EnumerateArray().Any(allowed => JsonElement.DeepEquals(allowed, value)) ? null : $"is not one of {rule}";
            case "const":
                return JsonElement.DeepEquals(rule, value) ? null : $"is not {rule}";
            case "allOf":
                foreach (JsonElement part in rule.EnumerateArray())
                    Check(part, value, path, problems);
                return null;
            case "anyOf":
                return Matches(rule, value) >= 1 ? null : "matches none of anyOf";
            case "oneOf":
                return Matches(rule, value) is 1 ? null : $"matches {Matches(rule, value)} of oneOf";
            default:
                return value.ValueKind switch
                {
                    JsonValueKind.Object => ObjectProblem(keyword, schema, value, path, problems),
                    JsonValueKind.Array => ArrayProblem(keyword, value, path, problems),
                    _ => ScalarProblem(keyword, value),
                };
        }
    }

    private string? ObjectProblem(JsonProperty keyword, JsonElement schema, JsonElement value, string path, List<string> problems)
    {
        JsonElement rule = keyword.Value;
        switch (keyword.Name)
        {
            case "properties":
                foreach (JsonProperty property in rule.EnumerateObject())
                {
                    if (value.TryGetProperty(property.Name, out JsonElement member))
                        Check(property.Value, member, $"{path}/{property.Name}", problems);
                }
                return null;
            case "required":
                string[] missing = [.. Words(rule).Where(name => !value.TryGetProperty(name, out _))];
                return missing.Length == 0 ? null : $"misses {string.Join(", ", missing)}";
            case "additionalProperties":
                foreach (JsonProperty member in value.EnumerateObject().Where(member => !IsDeclared(schema, member.Name)))
                {
                    if (rule.ValueKind == JsonValueKind.False)
                        return $"has an undeclared {member.Name}";
                    Check(rule, member.Value, $"{path}/{member.Name}", problems);
                }
                return null;
            case "maxProperties":
                return value.GetPropertyCount() <= rule.GetInt32() ? null : "has too many members";
            case "propertyNames":
                foreach (JsonProperty member in value.EnumerateObject())
                    Check(rule, JsonElement.Parse(JsonSerializer.SerializeToUtf8Bytes(member.Name)), $"{path}/{member.Name}", problems);
                return null;
            default:
                return Elsewhere(keyword.Name);
        }
    }

    private string? ArrayProblem(JsonProperty keyword, JsonElement value, string path, List<string> problems)
    {
        switch (keyword.Name)
        {
            case "items":
                foreach ((int index, JsonElement item) in value.EnumerateArray().Index())
                    Check(keyword.Value, item, $"{path}/{index}", problems);
                return null;
            case "minItems":
                return value.GetArrayLength() >= keyword.Value.GetInt32() ? null : "has too few items";
            case "maxItems":
                return value.GetArrayLength() <= keyword.Value.GetInt32() ? null : "has too many items";
            default:
                return Elsewhere(keyword.Name);
        }
    }

    private static string? ScalarProblem(JsonProperty keyword, JsonElement value)
    {
        bool number = value.ValueKind == JsonValueKind.Number;
        bool text = value.ValueKind == JsonValueKind.String;
        bool fits = keyword.Name switch
        {
            "minimum" => !number || value.GetDouble() >= keyword.Value.GetDouble(),
            "maximum" => !number || value.GetDouble() <= keyword.Value.GetDouble(),
            "minLength" => !text || value.GetString()!.EnumerateRunes().Count() >= keyword.Value.GetInt32(),
            "maxLength" => !text || value.GetString()!.EnumerateRunes().Count() <= keyword.Value.GetInt32(),
            "pattern" => !text || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!, RegexOptions.ECMAScript),
            _ => Elsewhere(keyword.Name) is null,
        };
        return fits ? null : $"breaks {keyword.Name} {keyword.Value}";
    }

    /// <summary>A keyword about another kind of value says nothing about this one.</summary>
    private static string? Elsewhere(string keyword) => keyword switch
    {
        "properties" or "required" or "additionalProperties" or "maxProperties" or "propertyNames" => null,
        "items" or "minItems" or "maxItems" => null,
        "minimum" or "maximum" or "minLength" or "maxLength" or "pattern" => null,
        _ => throw new NotSupportedException($"The schema checker does not know '{keyword}'."),
    };

    private int Matches(JsonElement schemas, JsonElement value) => schemas.EnumerateArray().Count(schema =>
    {
        var problems = new List<string>();
        Check(schema, value, "", problems);
        return problems.Count == 0;
    });

    private JsonElement Resolve(string reference)
    {
        const string prefix = "#/$defs/";
        Assert.StartsWith(prefix, reference, StringComparison.Ordinal);
        return root.GetProperty("$defs").GetProperty(reference[prefix.Length..]);
    }

    private static bool IsDeclared(JsonElement schema, string name) =>
        schema.TryGetProperty("properties", out JsonElement properties) && properties.TryGetProperty(name, out _);

    private static IEnumerable<string> Words(JsonElement rule) =>
        rule.ValueKind == JsonValueKind.String ? [rule.GetString()!] : rule.EnumerateArray().Select(word => word.GetString()!);

    private static bool IsOf(JsonElement value, string type) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && Math.Floor(value.GetDouble()) == value.GetDouble(),
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        _ => throw new NotSupportedException($"The schema checker does not know the type '{type}'."),
    };
}

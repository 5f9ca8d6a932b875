using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.Pipe.Shapes;

/// <summary>
/// Checks a JSON value against a JSON schema: type, enum, const, properties, required, additionalProperties, items, lengths, ranges,
/// pattern, anyOf, oneOf, allOf, not and references within the schema. What else a schema says is not checked, as the standard has it.
/// </summary>
internal sealed class SchemaCheck
{
    private const int MaxDepth = 128;
    // A schema that refers to itself in several alternatives would multiply without end.
    private const int MaxSteps = 100_000;

    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);

    private readonly JsonElement _root;
    private int _steps;

    private SchemaCheck(JsonElement root) => _root = root;

    /// <summary>What is wrong with a value, with the path to it; null where nothing is.</summary>
    public static string? Check(JsonElement schema, JsonElement value) => new SchemaCheck(schema).Check(schema, value, "$", 0);

    private string? Check(JsonElement schema, JsonElement value, string path, int depth)
    {
        if (depth > MaxDepth || ++_steps > MaxSteps)
            return $"{path}: the schema is too deep or too large to check";
        if (schema.ValueKind == JsonValueKind.False)
            return $"{path}: nothing is allowed here";
        if (schema.ValueKind != JsonValueKind.Object)
            return null;
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            return Resolve(reference.GetString()!) is { } target
                ? Check(target, value, path, depth + 1) : $"{path}: the schema's {reference} leads nowhere";
        }
        return CheckType(schema, value, path)
            ?? CheckConstants(schema, value, path)
            ?? value.ValueKind switch
            {
                JsonValueKind.Object => CheckObject(schema, value, path, depth),
                JsonValueKind.Array => CheckArray(schema, value, path, depth),
                JsonValueKind.String => CheckText(schema, value.GetString()!, path),
                JsonValueKind.Number => CheckNumber(schema, value.GetDouble(), path),
                _ => null,
            }
            ?? CheckCombinations(schema, value, path, depth);
    }

    private static string? CheckType(JsonElement schema, JsonElement value, string path)
    {
        if (!schema.TryGetProperty("type", out JsonElement type))
            return null;
        bool fits = type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Any(one => IsOfType(value, one.GetString()))
            : IsOfType(value, type.GetString());
        return fits ? null : $"{path}: {type} is expected, not {value.ValueKind.ToString().ToLowerInvariant()}";
    }

    private static bool IsOfType(JsonElement value, string? type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && Math.Floor(number) == number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => false,
    };

    private static string? CheckConstants(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("enum", out JsonElement choices)
            && !choices.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value)))
        {
            return $"{path}: {value.GetRawText()} is none of {choices.GetRawText()}";
        }
        return schema.TryGetProperty("const", out JsonElement constant) && !JsonElement.DeepEquals(constant, value)
            ? $"{path}: {constant.GetRawText()} is expected" : null;
    }

    private string? CheckObject(JsonElement schema, JsonElement value, string path, int depth)
    {
        if (schema.TryGetProperty("required", out JsonElement required))
        {
            foreach (JsonElement name in required.EnumerateArray())
            {
                if (!value.TryGetProperty(name.GetString()!, out _))
                    return $"{path}: '{name.GetString()}' is missing";
            }
        }
        bool hasProperties = schema.TryGetProperty("properties", out JsonElement properties);
        bool hasOthers = schema.TryGetProperty("additionalProperties", out JsonElement others);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            string at = $"{path}.{property.Name}";
            if (hasProperties && properties.TryGetProperty(property.Name, out JsonElement known))
            {
                if (Check(known, property.Value, at, depth + 1) is { } problem)
                    return problem;
            }
            else if (hasOthers && Check(others, property.Value, at, depth + 1) is { } problem)
            {
                return problem;
            }
        }
        return null;
    }

    private string? CheckArray(JsonElement schema, JsonElement value, string path, int depth)
    {
        int length = value.GetArrayLength();
        if (Outside(schema, "minItems", "maxItems", length) is { } range)
            return $"{path}: {length} elements, {range}";
        if (!schema.TryGetProperty("items", out JsonElement items))
            return null;
        for (int i = 0; i < length; i++)
        {
            if (Check(items, value[i], $"{path}[{i}]", depth + 1) is { } problem)
                return problem;
        }
        return null;
    }

    private static string? CheckText(JsonElement schema, string value, string path)
    {
        int length = new StringInfo(value).LengthInTextElements;
        if (Outside(schema, "minLength", "maxLength", length) is { } range)
            return $"{path}: {length} characters, {range}";
        if (!schema.TryGetProperty("pattern", out JsonElement pattern))
            return null;
        try
        {
            return Regex.IsMatch(value, pattern.GetString()!, RegexOptions.ECMAScript, PatternTimeout)
                ? null : $"{path}: does not match {pattern.GetString()}";
        }
        catch (Exception e) when (e is RegexMatchTimeoutException or ArgumentException)
        {
            return $"{path}: the pattern {pattern.GetString()} cannot be checked: {e.Message}";
        }
    }

    private static string? CheckNumber(JsonElement schema, double value, string path)
    {
        if (Outside(schema, "minimum", "maximum", value) is { } range)
            return $"{path}: {value.ToString(CultureInfo.InvariantCulture)}, {range}";
        if (schema.TryGetProperty("exclusiveMinimum", out JsonElement above) && value <= above.GetDouble())
            return $"{path}: has to be above {above.GetRawText()}";
        if (schema.TryGetProperty("exclusiveMaximum", out JsonElement below) && value >= below.GetDouble())
            return $"{path}: has to be below {below.GetRawText()}";
        return schema.TryGetProperty("multipleOf", out JsonElement step) && Math.Abs(Math.IEEERemainder(value, step.GetDouble())) > 1e-9
            ? $"{path}: has to be a multiple of {step.GetRawText()}" : null;
    }

    private string? CheckCombinations(JsonElement schema, JsonElement value, string path, int depth)
    {
        if (schema.TryGetProperty("allOf", out JsonElement all)
            && all.EnumerateArray().Select(one => Check(one, value, path, depth + 1))
                .FirstOrDefault(problem => problem is not null) is { } first)
        {
            return first;
        }
        if (schema.TryGetProperty("anyOf", out JsonElement any) && CountFitting(any, value, path, depth) == 0)
            return $"{path}: fits none of the schema's alternatives";
        if (schema.TryGetProperty("oneOf", out JsonElement one) && CountFitting(one, value, path, depth) != 1)
            return $"{path}: has to fit exactly one of the schema's alternatives";
        return schema.TryGetProperty("not", out JsonElement not) && Check(not, value, path, depth + 1) is null
            ? $"{path}: is what the schema excludes" : null;
    }

    private int CountFitting(JsonElement alternatives, JsonElement value, string path, int depth) =>
        alternatives.EnumerateArray().Count(alternative => Check(alternative, value, path, depth + 1) is null);

    private static string? Outside(JsonElement schema, string leastName, string mostName, double value)
    {
        if (schema.TryGetProperty(leastName, out JsonElement least) && value < least.GetDouble())
            return $"at least {least.GetRawText()} expected";
        return schema.TryGetProperty(mostName, out JsonElement most) && value > most.GetDouble()
            ? $"at most {most.GetRawText()} expected" : null;
    }

    private JsonElement? Resolve(string reference)
    {
        if (!reference.StartsWith('#'))
            return null;
        JsonElement at = _root;
        foreach (string part in reference[1..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            string name = Uri.UnescapeDataString(part)
                .Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return null;
        }
        return at;
    }
}

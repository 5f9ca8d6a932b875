using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.Tests.Models.Grammars;

/// <summary>JSON Schema as its text has it, keyword by keyword over a parsed value: the plain twin of the grammars.</summary>
internal static class NaiveValidator
{
    public static bool IsValid(string schema, string json)
    {
        var root = JsonElement.Parse(schema);
        return IsValid(root, root, JsonElement.Parse(json));
    }

    private static bool IsValid(JsonElement root, JsonElement schema, JsonElement value) => schema.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => schema.EnumerateObject().All(keyword => Holds(root, schema, keyword, value)),
    };

    private static bool Holds(JsonElement root, JsonElement schema, JsonProperty keyword, JsonElement value)
    {
        var rule = keyword.Value;
        bool isNumber = value.ValueKind == JsonValueKind.Number, isString = value.ValueKind == JsonValueKind.String;
        bool isArray = value.ValueKind == JsonValueKind.Array, isObject = value.ValueKind == JsonValueKind.Object;
        switch (keyword.Name)
        {
            case "type":
                JsonElement[] names = rule.ValueKind == JsonValueKind.Array ? [.. rule.EnumerateArray()] : [rule];
                return names.Any(name => Is(name.GetString()!, value));
            case "enum": return rule.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value));
            case "const": return JsonElement.DeepEquals(rule, value);
            case "minimum": return !isNumber || Compare(value, rule) >= 0;
            case "maximum": return !isNumber || Compare(value, rule) <= 0;
            case "multipleOf": return !isNumber || IsMultiple(value, rule);
            case "minLength": return !isString || value.GetString()!.EnumerateRunes().Count() >= rule.GetInt32();
            case "maxLength": return !isString || value.GetString()!.EnumerateRunes().Count() <= rule.GetInt32();
            case "pattern": return !isString || Regex.IsMatch(value.GetString()!, rule.GetString()!);
            case "minItems": return !isArray || value.GetArrayLength() >= rule.GetInt32();
            case "maxItems": return !isArray || value.GetArrayLength() <= rule.GetInt32();
            case "items": return !isArray || value.EnumerateArray().All(item => IsValid(root, rule, item));
            case "uniqueItems":
                var items = isArray ? value.EnumerateArray().ToList() : [];
                return !items.Where((item, i) => items.Take(i).Any(other => JsonElement.DeepEquals(item, other))).Any();
            case "contains":
                int found = isArray ? value.EnumerateArray().Count(item => IsValid(root, rule, item)) : 1;
                return found >= 1 && (!schema.TryGetProperty("maxContains", out var most) || found <= most.GetInt32());
            case "minProperties": return !isObject || value.GetPropertyCount() >= rule.GetInt32();
            case "maxProperties": return !isObject || value.GetPropertyCount() <= rule.GetInt32();
            case "required": return !isObject || rule.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _));
            case "properties":
                return !isObject || rule.EnumerateObject().All(p =>
                    !value.TryGetProperty(p.Name, out var member) || IsValid(root, p.Value, member));
            case "patternProperties":
                return !isObject || rule.EnumerateObject().All(p =>
                    value.EnumerateObject().All(member => !Regex.IsMatch(member.Name, p.Name) || IsValid(root, p.Value, member.Value)));
            case "additionalProperties":
                return !isObject || value.EnumerateObject().All(member =>
                    IsKnown(schema, member.Name) || IsValid(root, rule, member.Value));
            case "anyOf": return rule.EnumerateArray().Any(one => IsValid(root, one, value));
            case "oneOf": return rule.EnumerateArray().Count(one => IsValid(root, one, value)) == 1;
            case "not": return !IsValid(root, rule, value);
            case "$ref":
                return IsValid(root, rule.GetString()!.Split('/').Skip(1).Aggregate(root, (at, name) => at.GetProperty(name)), value);
            case "maxContains" or "$defs": return true;
            default: throw new NotSupportedException(keyword.Name);
        }
    }

    private static int Compare(JsonElement a, JsonElement b)
    {
        int places = Math.Max(Places(a), Places(b));
        return Scaled(a, places).CompareTo(Scaled(b, places));
    }

    private static bool IsMultiple(JsonElement a, JsonElement b)
    {
        int places = Math.Max(Places(a), Places(b));
        return (Scaled(a, places) % Scaled(b, places)).IsZero;
    }

    /// <summary>How many decimal places a number has at the most.</summary>
    private static int Places(JsonElement number)
    {
        var (digits, exponent) = Split(number);
        int point = digits.IndexOf('.', StringComparison.Ordinal);
        return Math.Max(0, (point < 0 ? 0 : digits.Length - point - 1) - exponent);
    }

    private static BigInteger Scaled(JsonElement number, int places)
    {
        var (digits, exponent) = Split(number);
        int point = digits.IndexOf('.', StringComparison.Ordinal);
        int fraction = point < 0 ? 0 : digits.Length - point - 1;
        string whole = digits.Replace(".", "", StringComparison.Ordinal);
        return BigInteger.Parse(whole, CultureInfo.InvariantCulture) * BigInteger.Pow(10, places - fraction + exponent);
    }

    private static (string Digits, int Exponent) Split(JsonElement number)
    {
        string[] parts = number.GetRawText().Split('e', 'E');
        return (parts[0], parts.Length == 1 ? 0 : int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static bool IsKnown(JsonElement schema, string name) =>
        (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _)) ||
        (schema.TryGetProperty("patternProperties", out var patterns) && patterns.EnumerateObject().Any(p => Regex.IsMatch(name, p.Name)));

    private static bool Is(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && IsMultiple(value, JsonElement.Parse("1")),
        "string" => value.ValueKind == JsonValueKind.String,
        "array" => value.ValueKind == JsonValueKind.Array,
        _ => value.ValueKind == JsonValueKind.Object,
    };
}

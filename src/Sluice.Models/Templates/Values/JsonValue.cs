using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Sluice.Models.Templates.Values;

/// <summary>JSON as values of the language.</summary>
internal static class JsonValue
{
    private const int MaxDepth = 128;

    public static Value From(JsonElement json, int depth = 0)
    {
        if (depth > MaxDepth)
            throw new TemplateFault($"the JSON nests more than {MaxDepth} deep");
        return json.ValueKind switch
        {
            JsonValueKind.Object => Object(json, depth),
            JsonValueKind.Array => new ListValue([.. json.EnumerateArray().Select(item => From(item, depth + 1))]),
            JsonValueKind.String => new StringValue(Text(json.GetString)),
            JsonValueKind.Number => Number(json.GetRawText()),
            JsonValueKind.True => BooleanValue.True,
            JsonValueKind.False => BooleanValue.False,
            _ => NoneValue.Instance,
        };
    }

    private static DictValue Object(JsonElement json, int depth)
    {
        var entries = new OrderedDictionary<Value, Value>();
        foreach (JsonProperty property in json.EnumerateObject())
            entries[new StringValue(Text(() => property.Name))] = From(property.Value, depth + 1);
        return new DictValue(entries);
    }

    private static string Text(Func<string?> read)
    {
        try
        {
            return read() ?? "";
        }
        catch (InvalidOperationException)
        {
            throw new TemplateFault("the JSON holds half a surrogate pair, which is no text");
        }
    }

    private static Value Number(string digits)
    {
        if (digits.AsSpan().ContainsAny(".eE"))
            return new FloatValue(double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture));
        if (digits.Length > IntegerValue.MaxDigits)
            throw new TemplateFault($"the JSON holds an integer of more than {IntegerValue.MaxDigits} digits");
        return IntegerValue.Of(BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }
}

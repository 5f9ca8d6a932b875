using System.Globalization;
using Sluice.Models.Templates.Expressions;
using Sluice.Models.Templates.Text;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <summary>The `attribute` argument of filters: a name, a number, or several with dots between.</summary>
internal static class AttributePath
{
    /// <summary>Reads the path from an element; without one gives the element itself.</summary>
    /// <param name="otherwise">Takes the place of an undefined step; None counts as none.</param>
    public static Func<Value, Value> Reader(Value? attribute, Rendering rendering, Value? otherwise = null)
    {
        Value[] parts = Parts(attribute);
        if (parts.Length == 0)
            return value => value;
        Value? replacement = otherwise is NoneValue ? null : otherwise;
        return value =>
        {
            foreach (Value part in parts)
            {
                value = Access.Item(value, part, rendering);
                if (value is UndefinedValue && replacement is not null)
                    value = replacement;
            }
            return value;
        };
    }

    /// <summary>As <see cref="Reader"/>; text comes in lower case unless the case matters.</summary>
    public static Func<Value, Value> KeyReader(Value? attribute, bool caseSensitive, Rendering rendering, Value? otherwise = null)
    {
        Func<Value, Value> read = Reader(attribute, rendering, otherwise);
        return caseSensitive ? read : value => IgnoreCase(read(value), rendering);
    }

    public static Value IgnoreCase(Value value, Rendering rendering)
    {
        if (value is not StringValue text)
            return value;
        rendering.Meter.AllocateText(text.Content.Length);
        return text.With(CaseMapping.Lower(text.Content));
    }

    private static Value[] Parts(Value? attribute) => attribute switch
    {
        null or NoneValue => [],
        StringValue path => [.. path.Content.Split('.').Select(Part)],
        _ => [attribute],
    };

    private static Value Part(string part) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? IntegerValue.Of(index) : new StringValue(part);
}

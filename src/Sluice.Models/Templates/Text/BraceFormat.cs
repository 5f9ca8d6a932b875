using System.Globalization;
using Sluice.Models.Templates.Builtins;
using Sluice.Models.Templates.Expressions;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Text;

/// <summary>Python's str.format: fields in braces by position or name, with attributes, items, a conversion and a format.</summary>
internal sealed class BraceFormat(Arguments arguments, Rendering rendering)
{
    private const string Mixed = "cannot switch between automatic and manual field numbering";

    /// <summary>How many fields were numbered by their place; -1 once one was numbered by hand.</summary>
    private int _automatic;

    public static string Apply(string format, Arguments arguments, Rendering rendering) =>
        new BraceFormat(arguments, rendering).Expand(format, nested: false);

    private string Expand(string format, bool nested)
    {
        rendering.Meter.AllocateText(format.Length);
        var result = new System.Text.StringBuilder();
        for (int at = 0; at < format.Length; at++)
        {
            char character = format[at];
            bool doubled = at + 1 < format.Length && format[at + 1] == character;
            if (character is not ('{' or '}'))
            {
                result.Append(character);
            }
            else if (doubled && !nested)
            {
                result.Append(character);
                at++;
            }
            else if (character == '}')
            {
                throw new TemplateFault("single '}' encountered in format string");
            }
            else
            {
                int end = FieldEnd(format, at);
                string text = Field(format[(at + 1)..end], nested);
                rendering.Meter.AllocateText(result.Length + (long)text.Length);
                result.Append(text);
                at = end;
            }
        }
        return result.ToString();
    }

    /// <summary>The brace that closes the one at this place; a format may hold fields itself.</summary>
    private static int FieldEnd(string format, int start)
    {
        int open = 0;
        for (int at = start; at < format.Length; at++)
        {
            if (format[at] == '{')
                open++;
            else if (format[at] == '}' && --open == 0)
                return at;
        }
        throw new TemplateFault("expected '}' before end of string");
    }

    private string Field(string field, bool nested)
    {
        int end = field.AsSpan().IndexOfAny('!', ':');
        string name = end < 0 ? field : field[..end];
        string rest = end < 0 ? "" : field[end..];
        Value value = Find(name);
        if (rest.StartsWith('!'))
        {
            value = Convert(value, rest);
            rest = rest[2..];
        }
        if (rest.Length == 0)
            return value.Text(rendering);
        if (nested || rest[0] != ':')
            throw new TemplateFault(nested ? "max string recursion exceeded" : "expected ':' after conversion specifier");
        return FormatSpec.Format(value, Expand(rest[1..], nested: true), rendering);
    }

    private StringValue Convert(Value value, string rest)
    {
        if (rest.Length < 2 || rest[1] is not ('s' or 'r' or 'a'))
            throw new TemplateFault("conversion must be one of !s, !r and !a");
        if (rest[1] == 's')
            return new StringValue(value.Text(rendering));
        int start = rendering.Output.Length;
        value.WriteRepr(rendering.Output);
        return new StringValue(rendering.Output.Cut(start));
    }

    private Value Find(string name)
    {
        int end = name.AsSpan().IndexOfAny('.', '[');
        string rest = end < 0 ? "" : name[end..];
        Value value = First(end < 0 ? name : name[..end]);
        while (rest.Length > 0)
        {
            bool isItem = rest[0] == '[';
            int stop = isItem ? rest.IndexOf(']', StringComparison.Ordinal) : rest.AsSpan(1).IndexOfAny('.', '[') + 1;
            if (stop < 0)
                throw new TemplateFault("missing ']' in format string");
            if (stop == 0)
                stop = rest.Length;
            string key = rest[1..stop];
            if (key.Length == 0)
                throw new TemplateFault("empty attribute in format string");
            value = isItem
                ? Access.Item(value, Key(key), rendering)
                : Access.Attribute(value, new StringValue(key));
            rest = rest[(isItem ? stop + 1 : stop)..];
        }
        return value;
    }

    private static Value Key(string key) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? IntegerValue.Of(index) : new StringValue(key);

    private Value First(string name)
    {
        if (name.Length == 0)
            return _automatic >= 0 ? At(_automatic++) : throw new TemplateFault(Mixed);
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            if (_automatic > 0)
                throw new TemplateFault(Mixed);
            _automatic = -1;
            return At(index);
        }
        foreach ((string keyword, Value value) in arguments.Keywords)
        {
            if (keyword == name)
                return value;
        }
        throw new TemplateFault($"format() has no argument '{name}'");
    }

    private Value At(int index) => arguments[index]
        ?? throw new TemplateFault($"replacement index {index} out of range for positional args");
}

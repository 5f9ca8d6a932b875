using System.Buffers;
using System.Globalization;
using Sluice.Models.Templates.Expressions;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Text;

/// <summary>Writes values as Python's json.dumps does.</summary>
internal sealed class JsonText(JsonStyle style, Rendering rendering)
{
    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, ' ').Select(code => (char)code), '"', '\\']);

    private static readonly SearchValues<char> PlainAscii =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Except(['"', '\\'])]);

    private readonly TextOutput _output = rendering.Output;
    private int _depth;

    public void Write(Value value)
    {
        switch (value)
        {
            case NoneValue:
                _output.Append("null");
                break;
            case BooleanValue boolean:
                _output.Append(boolean.IsTrue ? "true" : "false");
                break;
            case StringValue text:
                WriteString(text.Content);
                break;
            case IntegerValue integer:
                integer.WriteRepr(_output);
                break;
            case FloatValue real:
                _output.Append(Float(real.Number));
                break;
            case DictValue dict:
                WriteItems('{', '}', Sorted(dict), WriteEntry);
                break;
            case ArrayValue array:
                WriteItems('[', ']', array.Items, Write);
                break;
            default:
                throw new TemplateFault($"Object of type {value.TypeName} is not JSON serializable");
        }
    }

    private void WriteItems<T>(char open, char close, ICollection<T> items, Action<T> write)
    {
        rendering.Meter.Step(items.Count);
        _output.Append(open);
        _depth++;
        bool first = true;
        foreach (T item in items)
        {
            if (!first)
                _output.Append(style.ItemSeparator);
            first = false;
            NewLine();
            write(item);
        }
        _depth--;
        if (!first)
            NewLine();
        _output.Append(close);
    }

    private void NewLine()
    {
        if (style.Indent is null)
            return;
        _output.Append('\n');
        for (int i = 0; i < _depth; i++)
            _output.Append(style.Indent);
    }

    private void WriteEntry(KeyValuePair<Value, Value> entry)
    {
        WriteString(entry.Key switch
        {
            StringValue text => text.Content,
            BooleanValue boolean => boolean.IsTrue ? "true" : "false",
            NoneValue => "null",
            FloatValue real => Float(real.Number),
            IntegerValue integer => integer.Number.ToString(CultureInfo.InvariantCulture),
            _ => throw new TemplateFault($"keys must be str, int, float, bool or None, not {entry.Key.TypeName}"),
        });
        _output.Append(style.KeySeparator);
        Write(entry.Value);
    }

    private ICollection<KeyValuePair<Value, Value>> Sorted(DictValue dict) => style.SortKeys
        ? StableSort.By(dict.Entries, entry => entry.Key, (left, right) => Comparison.Order(left, right, "<", rendering), descending: false)
        : dict.Entries;

    private static string Float(double number) =>
        double.IsNaN(number) ? "NaN" : double.IsInfinity(number) ? number > 0 ? "Infinity" : "-Infinity" : FloatText.Repr(number);

    private void WriteString(string text)
    {
        ReadOnlySpan<char> rest = text;
        _output.Append('"');
        while (rest.Length > 0)
        {
            int plain = style.AsciiOnly ? rest.IndexOfAnyExcept(PlainAscii) : rest.IndexOfAny(Escaped);
            if (plain < 0)
                plain = rest.Length;
            _output.Append(rest[..plain]);
            rest = rest[plain..];
            if (rest.Length == 0)
                break;
            WriteEscape(rest[0]);
            rest = rest[1..];
        }
        _output.Append('"');
    }

    private void WriteEscape(char character)
    {
        int simple = "\"\\\n\r\t\f\b".IndexOf(character, StringComparison.Ordinal);
        _output.Append('\\');
        if (simple >= 0)
            _output.Append("\"\\nrtfb"[simple]);
        else
            _output.Append($"u{(int)character:x4}");
    }
}

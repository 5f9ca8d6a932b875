using System.Globalization;
using Sluice.Models.Templates.Expressions;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Text;

/// <summary>Writes values as Python's json.dumps does.</summary>
/// <param name="indent">One level's white space; null for one line.</param>
internal sealed class JsonText(Rendering rendering, bool asciiOnly, string? indent, string itemSeparator, string keySeparator, bool sortKeys)
{
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
                _output.Append(itemSeparator);
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
        if (indent is null)
            return;
        _output.Append('\n');
        for (int i = 0; i < _depth; i++)
            _output.Append(indent);
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
        _output.Append(keySeparator);
        Write(entry.Value);
    }

    private ICollection<KeyValuePair<Value, Value>> Sorted(DictValue dict) => sortKeys
        ? StableSort.By(dict.Entries, entry => entry.Key, (left, right) => Comparison.Order(left, right, "<", rendering), descending: false)
        : dict.Entries;

    private static string Float(double number) =>
        double.IsNaN(number) ? "NaN" : double.IsInfinity(number) ? number > 0 ? "Infinity" : "-Infinity" : FloatText.Repr(number);

    private void WriteString(string text)
    {
        _output.Append('"');
        foreach (char character in text)
        {
            string? escape = character switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\f' => "\\f",
                '\b' => "\\b",
                < ' ' => $"\\u{(int)character:x4}",
                > '~' when asciiOnly => $"\\u{(int)character:x4}",
                _ => null,
            };
            if (escape is null)
                _output.Append(character);
            else
                _output.Append(escape);
        }
        _output.Append('"');
    }
}

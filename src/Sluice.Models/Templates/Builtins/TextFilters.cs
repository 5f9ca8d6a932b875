using Sluice.Models.Templates.Text;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <summary>Filters over text; anything else is taken as the text it prints as.</summary>
internal static class TextFilters
{
    public static readonly Builtin[] All =
    [
        new("string", "", (rendering, input, _) => AsText(rendering, input)),
        Mapping("upper", CaseMapping.Upper),
        Mapping("lower", CaseMapping.Lower),
        Mapping("capitalize", CaseMapping.Capitalize),
        Mapping("title", TitleWords),
        new("trim", "chars?", (rendering, input, arguments) =>
        {
            StringValue text = AsText(rendering, input);
            rendering.Meter.AllocateText(text.Content.Length);
            return text.With(Stripping.Strip(text.Content, arguments.Text(0), start: true, end: true));
        }),
        new("replace", "old new count?", (rendering, input, arguments) => new StringValue(Replacing.Replace(
            input.Text(rendering), arguments[0]!.Text(rendering), arguments[1]!.Text(rendering), arguments.Integer(2, -1), rendering))),
        new("format", "*", Format),
        new("join", "d? attribute?", Join),
        new("wordcount", "", CountWords),
    ];

    private static Builtin Mapping(string name, Func<string, string> map) => new(name, "", (rendering, input, _) =>
    {
        StringValue text = AsText(rendering, input);
        rendering.Meter.AllocateText(text.Content.Length);
        return text.With(map(text.Content));
    });

    private static StringValue AsText(Rendering rendering, Value input) => input as StringValue ?? new StringValue(input.Text(rendering));

    /// <summary>Unlike str.title a word starts only behind white space, a hyphen or an opening bracket.</summary>
    private static string TitleWords(string text)
    {
        var result = new System.Text.StringBuilder(text.Length);
        for (int start = 0; start < text.Length;)
        {
            int end = start;
            while (end < text.Length && SeparatesWords(text[end]))
                end++;
            result.Append(text, start, end - start);
            start = end;
            while (end < text.Length && !SeparatesWords(text[end]))
                end++;
            if (end == start)
                break;
            int first = end - start > 1 && char.IsSurrogatePair(text[start], text[start + 1]) ? 2 : 1;
            result.Append(CaseMapping.Upper(text.Substring(start, first))).Append(CaseMapping.Lower(text[(start + first)..end]));
            start = end;
        }
        return result.ToString();
    }

    private static bool SeparatesWords(char character) => character is '-' or '(' or '{' or '[' or '<' || Whitespace.Is(character);

    private static StringValue Format(Rendering rendering, Value input, Arguments arguments)
    {
        if (arguments.Positional.Length > 0 && arguments.Keywords.Length > 0)
            throw new TemplateFault("format cannot take positional and keyword arguments at the same time");
        StringValue format = AsText(rendering, input);
        Value values = arguments.Keywords.Length == 0
            ? new TupleValue([.. arguments.Positional.Select(value => value!)])
            : new DictValue(new OrderedDictionary<Value, Value>(
                arguments.Keywords.Select(keyword => new KeyValuePair<Value, Value>(new StringValue(keyword.Key), keyword.Value))));
        return format.With(PercentFormat.Apply(format.Content, values, rendering));
    }

    private static StringValue Join(Rendering rendering, Value input, Arguments arguments)
    {
        string separator = arguments[0]?.Text(rendering) ?? "";
        Func<Value, Value> key = AttributePath.Reader(arguments[1], rendering);
        // The items are complete before the first is written: a generator may itself write to the output and cut it.
        string[] texts = [.. Sequence.Items(input, rendering).Select(item => key(item).Text(rendering))];
        int start = rendering.Output.Length;
        for (int i = 0; i < texts.Length; i++)
        {
            if (i > 0)
                rendering.Output.Append(separator);
            rendering.Output.Append(texts[i]);
        }
        return new StringValue(rendering.Output.Cut(start));
    }

    private static IntegerValue CountWords(Rendering rendering, Value input, Arguments arguments)
    {
        string text = input.Text(rendering);
        rendering.Meter.Inspect(text.Length);
        int words = 0;
        bool inWord = false;
        foreach (char character in text)
        {
            bool isWord = character == '_' || char.IsLetterOrDigit(character);
            if (isWord && !inWord)
                words++;
            inWord = isWord;
        }
        return IntegerValue.Of(words);
    }
}

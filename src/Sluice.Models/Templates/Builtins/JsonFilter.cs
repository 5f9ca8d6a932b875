using Sluice.Models.Templates.Text;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <summary>
/// The tojson filter as transformers has it: Python's json.dumps, by default without escaping beyond ASCII, and with no HTML escaping.
/// </summary>
internal static class JsonFilter
{
    public static readonly Builtin Instance = new("tojson", "ensure_ascii? indent? separators? sort_keys?", Apply);

    private static StringValue Apply(Rendering rendering, Value input, Arguments arguments)
    {
        string? indent = arguments[1] switch
        {
            null or NoneValue => null,
            StringValue text => text.Content,
            _ => new string(' ', Math.Clamp(arguments.Integer(1), 0, 1024)),
        };
        (string item, string key) = Separators(rendering, arguments[2], indent is null);
        var style = new JsonStyle(AsciiOnly: arguments.Flag(0), indent, item, key, SortKeys: arguments.Flag(3));
        int start = rendering.Output.Length;
        new JsonText(style, rendering).Write(input);
        return new StringValue(rendering.Output.Cut(start));
    }

    private static (string Item, string Key) Separators(Rendering rendering, Value? given, bool oneLine)
    {
        if (given is null or NoneValue)
            return (oneLine ? ", " : ",", ": ");
        return Sequence.Items(given, rendering) is [StringValue item, StringValue key]
            ? (item.Content, key.Content)
            : throw new TemplateFault("separators must be two strings: between items, and between key and value");
    }
}

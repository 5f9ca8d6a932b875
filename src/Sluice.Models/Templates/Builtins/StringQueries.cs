using System.Globalization;
using System.Text;
using Sluice.Models.Templates.Text;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <summary>Methods of str that say something about the text.</summary>
internal static class StringQueries
{
    public static readonly Builtin[] All =
    [
        Affix("startswith", (text, part) => text.StartsWith(part, StringComparison.Ordinal)),
        Affix("endswith", (text, part) => text.EndsWith(part, StringComparison.Ordinal)),
        Searching("find", fromEnd: false, otherwise: -1),
        Searching("rfind", fromEnd: true, otherwise: -1),
        Searching("index", fromEnd: false, otherwise: null),
        Searching("rindex", fromEnd: true, otherwise: null),
        new("count", "sub start? end? /", Count),
        Whole("islower", CaseMapping.IsLower),
        Whole("isupper", CaseMapping.IsUpper),
        Whole("istitle", CaseMapping.IsTitle),
        Whole("isascii", text => Ascii.IsValid(text)),
        Whole("isidentifier", IsIdentifier),
        Whole("isprintable", text => text.EnumerateRunes().All(StringRepr.IsPrintable)),
        Each("isspace", rune => rune.IsBmp && Whitespace.Is((char)rune.Value)),
        Each("isalpha", Rune.IsLetter),
        Each("isalnum", rune => Rune.IsLetter(rune) || Rune.GetNumericValue(rune) != -1),
        Each("isdecimal", rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber),
        Each("isdigit", rune => CharUnicodeInfo.GetDigitValue(rune.ToString(), 0) >= 0),
        Each("isnumeric", rune => Rune.GetNumericValue(rune) != -1),
    ];

    private static Builtin Whole(string name, Predicate<string> holds) => new(name, "", (rendering, self, _) =>
    {
        string text = ((StringValue)self).Content;
        rendering.Meter.Inspect(text.Length);
        return BooleanValue.Of(holds(text));
    });

    /// <summary>Whether all characters are so, and there are any.</summary>
    private static Builtin Each(string name, Func<Rune, bool> holds) =>
        Whole(name, text => text.Length > 0 && text.EnumerateRunes().All(holds));

    private static bool IsIdentifier(string text) =>
        text.Length > 0 && !char.IsDigit(text[0]) && text.EnumerateRunes().All(rune => rune.Value == '_' || Rune.IsLetterOrDigit(rune));

    private static Builtin Affix(string name, Func<string, string, bool> holds) =>
        new(name, "affix start? end? /", (rendering, self, arguments) =>
        {
            (string text, int start) = Window(rendering, self, arguments);
            return BooleanValue.Of(start >= 0 && arguments[0] switch
            {
                StringValue part => holds(text, part.Content),
                TupleValue parts => parts.Items.Any(part => part is StringValue choice && holds(text, choice.Content)),
                UndefinedValue undefined => throw undefined.Fault(),
                var other => throw new TemplateFault($"the first argument must be str or a tuple of str, not {other!.TypeName}"),
            });
        });

    /// <param name="otherwise">What a text that is not there gives; null where it is a fault.</param>
    private static Builtin Searching(string name, bool fromEnd, int? otherwise) =>
        new(name, "sub start? end? /", (rendering, self, arguments) =>
        {
            int at = Find(rendering, self, arguments, fromEnd);
            return IntegerValue.Of(at >= 0 ? at : otherwise ?? throw new TemplateFault("substring not found"));
        });

    private static int Find(Rendering rendering, Value self, Arguments arguments, bool fromEnd)
    {
        (string text, int start) = Window(rendering, self, arguments);
        string part = arguments.RequiredText(0);
        int at = fromEnd ? text.AsSpan().LastIndexOf(part, StringComparison.Ordinal) : text.IndexOf(part, StringComparison.Ordinal);
        // .NET finds an empty text before the last character, Python after it.
        if (fromEnd && part.Length == 0)
            at = text.Length;
        return at < 0 || start < 0 ? -1 : start + CodePoints.Count(text.AsSpan(0, at));
    }

    private static IntegerValue Count(Rendering rendering, Value self, Arguments arguments)
    {
        (string text, int start) = Window(rendering, self, arguments);
        string part = arguments.RequiredText(0);
        return IntegerValue.Of(start < 0 ? 0 : part.Length == 0 ? CodePoints.Count(text) + 1 : text.AsSpan().Count(part));
    }

    /// <summary>The part of the text that the second and third argument select, and where it starts; -1 where they select none.</summary>
    private static (string Text, int Start) Window(Rendering rendering, Value self, Arguments arguments)
    {
        var value = (StringValue)self;
        rendering.Meter.Scan(value.Content.Length);
        if (arguments[1] is null or NoneValue && arguments[2] is null or NoneValue)
            return (value.Content, 0);
        int length = value.Length!.Value;
        if (arguments.Integer(1) > length)
            return ("", -1);
        var bounds = new SliceBounds(arguments.Integer(1), arguments.Integer(2, length), null);
        rendering.Meter.AllocateText(value.Content.Length);
        return (CodePoints.Slice(value.Content, length, bounds), bounds.Over(length).Start);
    }
}

using System.Globalization;

namespace Sluice.Models.Tokenizers.Patterns;

/// <summary>The named sets of code points that patterns speak of: general categories, POSIX names and the backslash classes.</summary>
internal static class RuneClasses
{
    private static readonly Dictionary<string, string> LongNames = new()
    {
        ["letter"] = "L", ["casedletter"] = "LC", ["uppercaseletter"] = "Lu", ["lowercaseletter"] = "Ll", ["titlecaseletter"] = "Lt",
        ["modifierletter"] = "Lm", ["otherletter"] = "Lo", ["mark"] = "M", ["nonspacingmark"] = "Mn", ["spacingmark"] = "Mc",
        ["enclosingmark"] = "Me", ["number"] = "N", ["decimalnumber"] = "Nd", ["letternumber"] = "Nl", ["othernumber"] = "No",
        ["punctuation"] = "P", ["connectorpunctuation"] = "Pc", ["dashpunctuation"] = "Pd", ["openpunctuation"] = "Ps",
        ["closepunctuation"] = "Pe", ["initialpunctuation"] = "Pi", ["finalpunctuation"] = "Pf", ["otherpunctuation"] = "Po",
        ["symbol"] = "S", ["mathsymbol"] = "Sm", ["currencysymbol"] = "Sc", ["modifiersymbol"] = "Sk", ["othersymbol"] = "So",
        ["separator"] = "Z", ["spaceseparator"] = "Zs", ["lineseparator"] = "Zl", ["paragraphseparator"] = "Zp",
        ["other"] = "C", ["control"] = "Cc", ["format"] = "Cf", ["surrogate"] = "Cs", ["privateuse"] = "Co", ["unassigned"] = "Cn",
    };

    // Indexed by UnicodeCategory. These two come first: the sets below are made from them.
    private static readonly string[] CategoryCodes =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi",
        "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
    ];

    // Symbols that are alphabetic: circled, squared and negative letters.
    private static readonly RuneRange[] EnclosedLetters = [(0x24B6, 0x24E9), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189)];

    /// <summary>Unicode White_Space, as \s of Oniguruma and of Rust's regex has it.</summary>
    public static readonly RuneSet Space = new(
        Bits(UnicodeCategory.SpaceSeparator, UnicodeCategory.LineSeparator, UnicodeCategory.ParagraphSeparator), [('\t', '\r'), (0x85, 0x85)]);

    public static readonly RuneSet Digit = new(Bits(UnicodeCategory.DecimalDigitNumber), []);

    /// <summary>[:word:] of Oniguruma.</summary>
    private static readonly RuneSet PosixWord = new(
        Category("L") | Category("M") | Bits(UnicodeCategory.DecimalDigitNumber, UnicodeCategory.LetterNumber, UnicodeCategory.ConnectorPunctuation),
        EnclosedLetters);

    /// <summary>\w of Oniguruma: the same with the fractions and raised digits of Latin-1, and no other numbers.</summary>
    public static readonly RuneSet Word = new(0, [(0xB2, 0xB3), (0xB9, 0xB9), (0xBC, 0xBE)], [PosixWord]);

    /// <summary>\w of Rust's regex: the same with the joiners.</summary>
    public static readonly RuneSet RustWord = new(0, [(0x200C, 0x200D)], [PosixWord]);

    public static readonly RuneSet HexDigit = new(0, [('0', '9'), ('a', 'f'), ('A', 'F')]);

    /// <summary>Every code point but the line feed: what a dot matches.</summary>
    public static readonly RuneSet NotLineFeed = RuneSet.Of('\n').Negate();

    public static readonly RuneSet Any = new(0, [(0, 0x10FFFF)]);

    /// <summary>The set of a property name (L, Lu, Letter, Han, Alnum …, case, spaces and underscores ignored), or null.</summary>
    public static RuneSet? Property(string name)
    {
        string key = string.Concat(name.Where(c => c is not (' ' or '_' or '-'))).ToLowerInvariant();
        foreach (string prefix in (ReadOnlySpan<string>)["script=", "sc=", "generalcategory=", "gc="])
            if (key.StartsWith(prefix, StringComparison.Ordinal))
                key = key[prefix.Length..];
        string code = LongNames.GetValueOrDefault(key) ?? (key.Length > 0 ? char.ToUpperInvariant(key[0]) + key[1..] : "");
        uint categories = Category(code);
        if (categories != 0)
            return new RuneSet(categories, []);
        return key switch
        {
            "word" => Word,
            "punct" => new RuneSet(Category("P"), []),
            _ => Posix(key) ?? Script(key),
        };
    }

    /// <summary>The set of a POSIX bracket name (alpha, space …), which \p{…} knows as well, or null.</summary>
    public static RuneSet? Posix(string name) => name switch
    {
        "alpha" or "alphabetic" => Alphabetic(),
        "alnum" => new RuneSet(Bits(UnicodeCategory.DecimalDigitNumber), [], [Alphabetic()]),
        "digit" => Digit,
        "space" => Space,
        "word" => PosixWord,
        "upper" or "uppercase" => new RuneSet(Bits(UnicodeCategory.UppercaseLetter), UnicodeSets.Property("otheruppercase")),
        "lower" or "lowercase" => new RuneSet(Bits(UnicodeCategory.LowercaseLetter), UnicodeSets.Property("otherlowercase")),
        "punct" => new RuneSet(Category("P") | Category("S"), []),
        "cntrl" => new RuneSet(Bits(UnicodeCategory.Control), []),
        "blank" => new RuneSet(Bits(UnicodeCategory.SpaceSeparator), [('\t', '\t')]),
        "xdigit" => HexDigit,
        "ascii" => new RuneSet(0, [(0, 0x7F)]),
        "any" => Any,
        "graph" => new RuneSet(Category("Z") | Bits(UnicodeCategory.Control, UnicodeCategory.Surrogate, UnicodeCategory.OtherNotAssigned), [], negated: true),
        "print" => new RuneSet(
            Bits(
                UnicodeCategory.Control, UnicodeCategory.Surrogate, UnicodeCategory.OtherNotAssigned, UnicodeCategory.LineSeparator,
                UnicodeCategory.ParagraphSeparator),
            [],
            negated: true),
        _ => null,
    };

    private static RuneSet Alphabetic() =>
        new(Category("L") | Bits(UnicodeCategory.LetterNumber), UnicodeSets.Property("otheralphabetic"));

    private static RuneSet? Script(string name) =>
        UnicodeSets.Script(name) is { } ranges ? new RuneSet(0, ranges) : null;

    private static uint Category(string code)
    {
        if (code == "LC")
            return Bits(UnicodeCategory.UppercaseLetter, UnicodeCategory.LowercaseLetter, UnicodeCategory.TitlecaseLetter);
        uint bits = 0;
        for (int i = 0; i < CategoryCodes.Length; i++)
            if (code.Length is 1 or 2 && CategoryCodes[i].StartsWith(code, StringComparison.Ordinal))
                bits |= 1u << i;
        return bits;
    }

    private static uint Bits(params ReadOnlySpan<UnicodeCategory> categories)
    {
        uint bits = 0;
        foreach (var category in categories)
            bits |= 1u << (int)category;
        return bits;
    }
}

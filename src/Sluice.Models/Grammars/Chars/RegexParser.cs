using System.Globalization;
using System.Text;

namespace Sluice.Models.Grammars.Chars;

/// <summary>
/// Reads a regular expression as ECMAScript does with the u flag, which is what JSON Schema asks for: \d, \w and \s are ASCII and white
/// space, \p{…} knows Unicode. What makes an expression irregular or looks around is refused by name.
/// </summary>
internal sealed class RegexParser
{
    private const int MaxDepth = 100;
    private const int MaxCount = 10_000;
    private const int MaxLength = 100_000;

    private static readonly List<(int First, int Last)> Digits = [('0', '9')];
    private static readonly List<(int First, int Last)> Words = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

    private static readonly List<(int First, int Last)> Spaces =
    [
        (0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F),
        (0x3000, 0x3000), (0xFEFF, 0xFEFF),
    ];

    private static readonly List<(int First, int Last)> LineEnds = [('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)];

    private readonly string _text;
    private int _at;
    private int _depth;

    private RegexParser(string text) => _text = text;

    /// <exception cref="GrammarException">Not an expression, or one that uses what is left out.</exception>
    public static CharNode Parse(string text)
    {
        if (text.Length > MaxLength)
            throw new GrammarException($"a regex of {text.Length} characters: {MaxLength} are the most");
        var parser = new RegexParser(text);
        var node = parser.ParseChoice();
        return parser._at == text.Length ? node : throw parser.Error("unmatched ')'");
    }

    private bool More => _at < _text.Length;

    private CharNode ParseChoice()
    {
        if (++_depth > MaxDepth)
            throw Error($"groups are nested more than {MaxDepth} deep");
        var options = new List<CharNode> { ParseSequence() };
        while (Take("|"))
            options.Add(ParseSequence());
        _depth--;
        return options.Count == 1 ? options[0] : new CharNode.Choice(options);
    }

    private CharNode ParseSequence()
    {
        var parts = new List<CharNode>();
        while (More && _text[_at] is not ('|' or ')'))
            parts.Add(ParseRepeats(ParseAtom()));
        return parts.Count == 1 ? parts[0] : new CharNode.Sequence(parts);
    }

    private CharNode ParseAtom()
    {
        switch (_text[_at])
        {
            case '^': _at++; return new CharNode.Edge(AtEnd: false);
            case '$': _at++; return new CharNode.Edge(AtEnd: true);
            case '.': _at++; return new CharNode.One(CharRanges.Complement(LineEnds));
            case '(': _at++; return ParseGroup();
            case '[': _at++; return new CharNode.One(ParseClass());
            case '\\': _at++; return new CharNode.One(ParseEscape(inClass: false));
            case '*' or '+' or '?': throw Error("nothing to repeat");
            default: int rune = NextRune(); return new CharNode.One([(rune, rune)]);
        }
    }

    private CharNode ParseGroup()
    {
        foreach (string look in (ReadOnlySpan<string>)["?=", "?!", "?<=", "?<!"])
        {
            if (Take(look))
                throw Error($"({look}…) is not supported: a grammar cannot look around");
        }
        if (Take("?<"))
        {
            int end = _text.IndexOf('>', _at);
            _at = end < 0 ? throw Error("unclosed group name") : end + 1;
        }
        else if (!Take("?:") && Take("?"))
            throw Error("this kind of group is not supported");
        var node = ParseChoice();
        return Take(")") ? node : throw Error("unclosed group");
    }

    private CharNode ParseRepeats(CharNode atom)
    {
        while (More)
        {
            int least = 0;
            int? most = null;
            if (Take("*"))
                least = 0;
            else if (Take("+"))
                least = 1;
            else if (Take("?"))
                most = 1;
            else if (!TakeCount(out least, out most))
                return atom;
            Take("?"); // lazy: the same set of texts
            if (atom is CharNode.Edge)
                throw Error("an edge cannot be repeated");
            atom = new CharNode.Repeat(atom, least, most);
        }
        return atom;
    }

    private bool TakeCount(out int least, out int? most)
    {
        (least, most) = (0, null);
        int end = _text[_at] == '{' ? _text.IndexOf('}', _at) : -1;
        if (end < 0)
            return false;
        string[] ends = _text[(_at + 1)..end].Split(',');
        if (ends.Length > 2 || ends[0].Length == 0 || !ends.All(part => part.All(char.IsAsciiDigit)))
            return false;
        least = Count(ends[0]);
        most = ends.Length == 1 ? least : ends[1].Length == 0 ? null : Count(ends[1]);
        if (most < least)
            throw Error("a repeat count runs backwards");
        _at = end + 1;
        return true;
    }

    private int Count(string digits) =>
        digits.Length <= 5 && int.Parse(digits, CultureInfo.InvariantCulture) is var count && count <= MaxCount
            ? count
            : throw Error($"a repeat count above {MaxCount}");

    private List<(int First, int Last)> ParseClass()
    {
        bool negated = Take("^");
        var ranges = new List<(int First, int Last)>();
        while (!Take("]"))
        {
            if (!More)
                throw Error("unclosed character class");
            var item = ParseClassItem();
            if (_at + 1 < _text.Length && _text[_at] == '-' && _text[_at + 1] != ']' && item is [var (first, only)] && first == only)
            {
                _at++;
                var upper = ParseClassItem();
                if (upper is not [var (last, same)] || last != same || last < first)
                    throw Error("not a range of characters");
                ranges.Add((first, last));
            }
            else
                ranges.AddRange(item);
        }
        return negated ? CharRanges.Complement(ranges) : CharRanges.Merge(ranges);
    }

    private List<(int First, int Last)> ParseClassItem()
    {
        if (!More)
            throw Error("unclosed character class");
        if (Take("\\"))
            return ParseEscape(inClass: true);
        int rune = NextRune();
        return [(rune, rune)];
    }

    private List<(int First, int Last)> ParseEscape(bool inClass)
    {
        if (!More)
            throw Error("ends in a backslash");
        char c = _text[_at++];
        switch (c)
        {
            case 'd': return Digits;
            case 'D': return CharRanges.Complement(Digits);
            case 'w': return Words;
            case 'W': return CharRanges.Complement(Words);
            case 's': return Spaces;
            case 'S': return CharRanges.Complement(Spaces);
            case 'p' or 'P': return ParseProperty(negated: c == 'P');
            case 'b' when inClass: return [('\b', '\b')];
            case 'b' or 'B': throw Error($"\\{c} is not supported: a grammar cannot look around");
            case >= '1' and <= '9' or 'k': throw Error("back references are not supported: they are not regular");
        }
        int rune = c switch
        {
            't' => '\t',
            'n' => '\n',
            'v' => '\v',
            'f' => '\f',
            'r' => '\r',
            '0' => 0,
            'c' when More && char.IsAsciiLetter(_text[_at]) => _text[_at++] & 31,
            'x' => Hex(2),
            'u' => ParseUnicode(),
            _ when char.IsAsciiLetterOrDigit(c) => throw Error($"unknown escape \\{c}"),
            _ => Back(),
        };
        return [(rune, rune)];

        int Back()
        {
            _at--;
            return NextRune();
        }
    }

    private int ParseUnicode()
    {
        if (Take("{"))
        {
            int end = _text.IndexOf('}', _at);
            int length = end - _at;
            int rune = length is > 0 and <= 6 ? Hex(length) : throw Error("not a code point");
            _at++;
            return rune <= CharSets.LastRune ? rune : throw Error("not a code point");
        }
        int unit = Hex(4);
        if (unit is >= 0xD800 and <= 0xDBFF && Take("\\u"))
            return 0x10000 + ((unit - 0xD800) << 10) + (Hex(4) - 0xDC00);
        return unit;
    }

    private int Hex(int digits)
    {
        if (_at + digits > _text.Length ||
            !int.TryParse(_text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value))
            throw Error($"{digits} hexadecimal digits are missing");
        _at += digits;
        return value;
    }

    private List<(int First, int Last)> ParseProperty(bool negated)
    {
        int end = Take("{") ? _text.IndexOf('}', _at) : -1;
        if (end < 0)
            throw Error("a property needs its name in braces");
        string name = _text[_at..end];
        var ranges = CharRanges.Property(name) ?? throw Error($"unknown property {name}");
        _at = end + 1;
        return negated ? CharRanges.Complement(ranges) : ranges;
    }

    private int NextRune()
    {
        Rune.DecodeFromUtf16(_text.AsSpan(_at), out var rune, out int length);
        _at += length;
        return rune.Value;
    }

    private bool Take(string words)
    {
        if (string.CompareOrdinal(_text, _at, words, 0, words.Length) != 0)
            return false;
        _at += words.Length;
        return true;
    }

    private GrammarException Error(string problem) => new($"regex: {problem} (at character {_at})");
}

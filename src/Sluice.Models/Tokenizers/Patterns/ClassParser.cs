using System.Globalization;
using System.Text;

namespace Sluice.Models.Tokenizers.Patterns;

/// <summary>Reads what stands for one code point in a pattern: literals, escapes and bracketed classes.</summary>
internal sealed class ClassParser(string text)
{
    private const int DepthLimit = 32;

    // Wider ranges are not folded rune by rune: what contains them has both cases already.
    private const int FoldedRangeLimit = 1024;

    private int _depth;

    /// <summary>The code point at <paramref name="position"/>, which moves past it; a lone surrogate counts as U+FFFD.</summary>
    public int NextRune(ref int position)
    {
        Rune.DecodeFromUtf16(text.AsSpan(position), out var rune, out int length);
        position += length;
        return rune.Value;
    }

    public static RuneSet Literal(int rune, bool ignoreCase) => new(0, ignoreCase ? CaseVariants(rune) : [(rune, rune)]);

    /// <summary>Reads an escape that stands for a set, from its backslash on.</summary>
    public RuneSet ParseEscape(ref int position, bool ignoreCase)
    {
        int start = position++;
        if (position >= text.Length)
            throw new PatternException(text, start, "ends in a backslash");
        char c = text[position++];
        switch (c)
        {
            case 's': return RuneClasses.Space;
            case 'S': return RuneClasses.Space.Negate();
            case 'd': return RuneClasses.Digit;
            case 'D': return RuneClasses.Digit.Negate();
            case 'w': return RuneClasses.Word;
            case 'W': return RuneClasses.Word.Negate();
            case 'h': return RuneClasses.HexDigit;
            case 'H': return RuneClasses.HexDigit.Negate();
            case 'p' or 'P': return ParseProperty(ref position, negated: c == 'P', start);
            default:
                position = start;
                return Literal(ParseLiteralEscape(ref position), ignoreCase);
        }
    }

    /// <summary>Reads a bracketed class, from behind its opening bracket to past its closing one.</summary>
    public RuneSet ParseClass(ref int position, bool ignoreCase)
    {
        int start = position;
        if (++_depth > DepthLimit)
            throw new PatternException(text, start, "classes are nested too deeply");
        bool negated = position < text.Length && text[position] == '^';
        if (negated)
            position++;
        var items = new List<RuneSet>();
        var ranges = new List<RuneRange>();
        RuneSet? within = null;
        bool first = true;
        for (; ; first = false)
        {
            if (position >= text.Length)
                throw new PatternException(text, start, "unclosed character class");
            char c = text[position];
            if (c == ']' && !first)
                break;
            if (c == '[')
                items.Add(ParseNested(ref position, ignoreCase));
            else if (c == '&' && string.CompareOrdinal(text, position, "&&", 0, 2) == 0)
            {
                position += 2;
                within = new RuneSet(0, ranges, items, within);
                (items, ranges) = ([], []);
            }
            else if (c == '\\' && !IsLiteralEscape(position))
                items.Add(ParseEscape(ref position, ignoreCase));
            else
                ranges.AddRange(ParseRange(ref position, ignoreCase));
        }
        position++;
        _depth--;
        return new RuneSet(0, ranges, items, within, negated);
    }

    private RuneSet ParseNested(ref int position, bool ignoreCase)
    {
        int start = position;
        int end = text.IndexOf(":]", position, StringComparison.Ordinal);
        if (string.CompareOrdinal(text, position, "[:", 0, 2) == 0 && end > 0 && text.AsSpan(position + 2, end - position - 2) is var name
            && name.TrimStart('^').IndexOfAnyExceptInRange('a', 'z') < 0)
        {
            position = end + 2;
            var set = RuneClasses.Posix(name.TrimStart('^').ToString()) ?? throw new PatternException(text, start, "unknown POSIX class");
            return name[0] == '^' ? set.Negate() : set;
        }
        position++;
        return ParseClass(ref position, ignoreCase);
    }

    private List<RuneRange> ParseRange(ref int position, bool ignoreCase)
    {
        int start = position;
        int first = ParseClassRune(ref position);
        int last = first;
        if (position + 1 < text.Length && text[position] == '-' && text[position + 1] is not (']' or '[') &&
            (text[position + 1] != '\\' || IsLiteralEscape(position + 1)))
        {
            position++;
            last = ParseClassRune(ref position);
            if (last < first)
                throw new PatternException(text, start, "a range runs backwards");
        }
        if (!ignoreCase || last - first > FoldedRangeLimit)
            return [(first, last)];
        var variants = new List<RuneRange>();
        for (int rune = first; rune <= last; rune++)
            variants.AddRange(CaseVariants(rune));
        return variants;
    }

    private int ParseClassRune(ref int position) => text[position] == '\\' ? ParseLiteralEscape(ref position) : NextRune(ref position);

    private bool IsLiteralEscape(int position) =>
        position + 1 < text.Length && text[position + 1] is not ('s' or 'S' or 'd' or 'D' or 'w' or 'W' or 'h' or 'H' or 'p' or 'P');

    private int ParseLiteralEscape(ref int position)
    {
        int start = position++;
        char c = text[position];
        switch (c)
        {
            case 'n': position++; return '\n';
            case 'r': position++; return '\r';
            case 't': position++; return '\t';
            case 'f': position++; return '\f';
            case 'v': position++; return '\v';
            case 'a': position++; return '\a';
            case 'e': position++; return 0x1B;
            case '0': position++; return 0;
            case 'u': position++; return Hex(ref position, 4, start);
            case 'x':
                position++;
                if (position >= text.Length || text[position] != '{')
                    return Hex(ref position, 2, start);
                int end = text.IndexOf('}', position);
                position++;
                int value = end < 0 ? throw new PatternException(text, start, "unclosed \\x{…}") : Hex(ref position, end - position, start);
                position++;
                return value;
            case >= '1' and <= '9' or 'k' or 'g':
                throw new PatternException(text, start, "backreferences are not supported");
            case (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'):
                throw new PatternException(text, start, $"unknown escape \\{c}");
            default:
                return NextRune(ref position);
        }
    }

    private int Hex(ref int position, int digits, int start)
    {
        if (digits is < 1 or > 8 || position + digits > text.Length
            || !int.TryParse(text.AsSpan(position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            || value is < 0 or > 0x10FFFF)
            throw new PatternException(text, start, "not a code point in hexadecimal");
        position += digits;
        return value;
    }

    private RuneSet ParseProperty(ref int position, bool negated, int start)
    {
        string name;
        if (position < text.Length && text[position] == '{')
        {
            int end = text.IndexOf('}', position);
            if (end < 0)
                throw new PatternException(text, start, "unclosed \\p{…}");
            name = text[(position + 1)..end];
            position = end + 1;
        }
        else
        {
            name = position < text.Length ? text[position].ToString() : "";
            position++;
        }
        if (name.StartsWith('^'))
            (name, negated) = (name[1..], !negated);
        var set = RuneClasses.Property(name) ?? throw new PatternException(text, start, $"unknown property '{name}'");
        return negated ? set.Negate() : set;
    }

    /// <summary>The code points that differ from one in case only; none of those cases of which one letter is two in the other.</summary>
    private static IEnumerable<RuneRange> CaseVariants(int rune) =>
        rune < 0x80 && !char.IsAsciiLetter((char)rune) ? [(rune, rune)] : CaseFolding.Variants(rune);
}

using System.Globalization;

namespace Sluice.Models.Tokenizers.Patterns;

/// <summary>
/// Reads a regular expression as Oniguruma does by default, for that is what tokenizer.json files are written for: ^ and $ at lines, {n,m}+ a repeat of
/// a repeat, nested classes with &amp;&amp;. Backreferences, subexpression calls, conditionals and general atomic groups are refused.
/// </summary>
internal sealed class PatternParser
{
    private const int DepthLimit = 64;
    private const int CountLimit = 1024;

    /// <summary>\R: a line break of any system.</summary>
    private static readonly PatternNode LineBreak = new PatternNode.Choice(
    [
        new PatternNode.Sequence([new PatternNode.One(RuneSet.Of('\r')), new PatternNode.One(RuneSet.Of('\n'))]),
        new PatternNode.One(new RuneSet(0, [('\n', '\r'), (0x85, 0x85), (0x2028, 0x2029)])),
    ]);

    private readonly string _text;
    private readonly ClassParser _classes;
    private int _position;
    private int _depth;
    private bool _ignoreCase;
    private bool _dotAll;

    private PatternParser(string text)
    {
        _text = text;
        _classes = new ClassParser(text);
    }

    /// <exception cref="PatternException">Not a pattern, or one that uses what is left out.</exception>
    public static PatternNode Parse(string text)
    {
        var parser = new PatternParser(text);
        var node = parser.ParseChoice();
        return parser._position == text.Length ? node : throw parser.Error("unmatched ')'");
    }

    private bool More => _position < _text.Length;

    private PatternNode ParseChoice()
    {
        if (++_depth > DepthLimit)
            throw Error("groups are nested too deeply");
        var options = new List<PatternNode> { ParseSequence() };
        while (Take('|'))
            options.Add(ParseSequence());
        _depth--;
        return options.Count == 1 ? options[0] : new PatternNode.Choice(options);
    }

    private PatternNode ParseSequence()
    {
        var parts = new List<PatternNode>();
        while (More && _text[_position] is not ('|' or ')'))
        {
            int start = _position;
            if (ParseAtom() is { } atom)
                parts.Add(ParseRepeats(atom, start));
        }
        return parts.Count == 1 ? parts[0] : new PatternNode.Sequence(parts);
    }

    private PatternNode? ParseAtom()
    {
        char c = _text[_position];
        switch (c)
        {
            case '(':
                _position++;
                return ParseGroup();
            case '[':
                _position++;
                return new PatternNode.One(_classes.ParseClass(ref _position, _ignoreCase));
            case '.':
                _position++;
                return new PatternNode.One(_dotAll ? RuneClasses.Any : RuneClasses.NotLineFeed);
            case '^':
                _position++;
                return new PatternNode.At(PatternPlace.LineStart);
            case '$':
                _position++;
                return new PatternNode.At(PatternPlace.LineEnd);
            case '\\':
                return ParseEscape();
            case '*' or '+' or '?':
                throw Error($"nothing to repeat before '{c}'");
            default:
                return new PatternNode.One(ClassParser.Literal(_classes.NextRune(ref _position), _ignoreCase));
        }
    }

    private PatternNode ParseEscape()
    {
        if (_position + 1 >= _text.Length)
            throw Error("ends in a backslash");
        if (_text[_position + 1] == 'R')
        {
            _position += 2;
            return LineBreak;
        }
        PatternPlace? place = _text[_position + 1] switch
        {
            'A' => PatternPlace.TextStart,
            'z' => PatternPlace.TextEnd,
            'Z' => PatternPlace.TextEndOrLastLineFeed,
            'b' => PatternPlace.WordEdge,
            'B' => PatternPlace.NotWordEdge,
            _ => null,
        };
        if (place is { } at)
        {
            _position += 2;
            return new PatternNode.At(at);
        }
        return new PatternNode.One(_classes.ParseEscape(ref _position, _ignoreCase));
    }

    private PatternNode? ParseGroup()
    {
        bool ignoreCase = _ignoreCase, dotAll = _dotAll;
        PatternNode node;
        if (!Take('?'))
            node = Grouped(ParseChoice());
        else if (Take(':'))
            node = ParseChoice();
        else if (Take("<="))
            node = new PatternNode.Look(ParseChoice(), Behind: true, Negative: false);
        else if (Take("<!"))
            node = new PatternNode.Look(ParseChoice(), Behind: true, Negative: true);
        else if (Take('='))
            node = new PatternNode.Look(ParseChoice(), Behind: false, Negative: false);
        else if (Take('!'))
            node = new PatternNode.Look(ParseChoice(), Behind: false, Negative: true);
        else if (Take('>'))
            node = Atomic(ParseChoice());
        else if (Take('#'))
        {
            SkipPast(')');
            return null;
        }
        else if (Take("P<") || Take('<'))
        {
            SkipPast('>');
            node = Grouped(ParseChoice());
        }
        else if (!ParseFlags())
            return null;
        else
            node = Grouped(ParseChoice());
        if (!Take(')'))
            throw Error("unclosed group");
        (_ignoreCase, _dotAll) = (ignoreCase, dotAll);
        return node;
    }

    /// <summary>A group that captures or sets options may be repeated even where it holds an assertion alone; (?:…) may not, as if it were not there.</summary>
    private static PatternNode Grouped(PatternNode body) =>
        body is PatternNode.At or PatternNode.Look ? new PatternNode.Sequence([body]) : body;

    /// <summary>Reads "i-m:" of (?i-m:…); false when it was the (?i) form, whose flags hold to the end of the enclosing group.</summary>
    private bool ParseFlags()
    {
        bool on = true;
        while (More)
        {
            switch (_text[_position++])
            {
                case ':': return true;
                case ')': return false;
                case '-': on = false; break;
                case 'i': _ignoreCase = on; break;
                case 'm' or 's': _dotAll = on; break;
                default: throw Error($"group option '{_text[--_position]}' is not supported");
            }
        }
        throw Error("unclosed group");
    }

    private PatternNode Atomic(PatternNode body) => body switch
    {
        PatternNode.One => body,
        PatternNode.Repeat { Body: PatternNode.One } repeat => repeat with { Greed = PatternGreed.Possessive },
        _ => throw Error("atomic groups are supported around one repeated character class only"),
    };

    private PatternNode ParseRepeats(PatternNode atom, int start)
    {
        while (More)
        {
            bool counted = false;
            (int Least, int Most) count;
            switch (_text[_position])
            {
                case '*': count = (0, -1); break;
                case '+': count = (1, -1); break;
                case '?': count = (0, 1); break;
                case '{' when TryParseCount(out count, out int end):
                    counted = true;
                    _position = end - 1;
                    break;
                default: return atom;
            }
            _position++;
            if (atom is PatternNode.At or PatternNode.Look)
                throw Error("an assertion cannot be repeated");
            var greed = PatternGreed.Greedy;
            if (Take('?'))
                greed = PatternGreed.Lazy;
            else if (!counted && Take('+'))
                greed = PatternGreed.Possessive;
            if (greed == PatternGreed.Possessive && atom is not PatternNode.One)
                throw new PatternException(_text, start, "possessive repeats are supported of one character class only");
            atom = new PatternNode.Repeat(atom, count.Least, count.Most, greed);
        }
        return atom;
    }

    /// <summary>Whether a count such as {2}, {2,}, {,3} or {2,3} stands here; otherwise the brace is an ordinary character.</summary>
    private bool TryParseCount(out (int Least, int Most) count, out int end)
    {
        count = default;
        end = _text.IndexOf('}', _position) + 1;
        if (end == 0)
            return false;
        string[] ends = _text[(_position + 1)..(end - 1)].Split(',');
        if (ends.Length > 2 || ends.All(part => part.Length == 0) || !ends.All(part => part.All(char.IsAsciiDigit)))
            return false;
        int least = Count(ends[0], 0);
        count = (least, ends.Length == 1 ? least : Count(ends[1], -1));
        if (count.Most != -1 && count.Most < least)
            throw Error("a repeat count runs backwards");
        return true;
    }

    private int Count(string digits, int otherwise)
    {
        if (digits.Length == 0)
            return otherwise;
        if (digits.Length > 4 || int.Parse(digits, CultureInfo.InvariantCulture) is var count && count > CountLimit)
            throw Error($"a repeat count above {CountLimit}");
        return count;
    }

    private void SkipPast(char end)
    {
        int at = _text.IndexOf(end, _position);
        if (at < 0)
            throw Error("unclosed group");
        _position = at + 1;
    }

    private bool Take(char c)
    {
        if (!More || _text[_position] != c)
            return false;
        _position++;
        return true;
    }

    private bool Take(string words)
    {
        if (string.CompareOrdinal(_text, _position, words, 0, words.Length) != 0)
            return false;
        _position += words.Length;
        return true;
    }

    private PatternException Error(string problem) => new(_text, _position, problem);
}

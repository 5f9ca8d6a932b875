using System.Globalization;
using System.Text;
using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Gbnf;

/// <summary>
/// Reads llama.cpp's GBNF: rules `name ::= …` of literals, character classes, groups, |, * + ? {n,m}, comments behind #.
/// </summary>
internal sealed class GbnfParser
{
    private const int MaxDepth = 100;
    private const int MaxCount = 2000;
    private const int MaxRules = 10_000;

    private readonly string _text;
    private readonly Dictionary<string, CharNode> _rules = [];
    private int _at;
    private int _depth;

    private GbnfParser(string text) => _text = text;

    /// <summary>The rules by name; there is one called root, and all that are named exist.</summary>
    /// <exception cref="GrammarException">Not a grammar. The message has the line.</exception>
    public static IReadOnlyDictionary<string, CharNode> Parse(string text)
    {
        var parser = new GbnfParser(text);
        parser.SkipSpace(lines: true);
        while (parser._at < text.Length)
            parser.ParseRule();
        if (!parser._rules.ContainsKey("root"))
            throw new GrammarException("grammar: there is no rule called root");
        foreach (var (name, body) in parser._rules)
            parser.Check(name, body);
        return parser._rules;
    }

    private void ParseRule()
    {
        string name = ParseName();
        SkipSpace(lines: false);
        if (!Take("::="))
            throw Error($"expected ::= behind {name}");
        SkipSpace(lines: true);
        var body = ParseChoice(nested: false);
        if (!_rules.TryAdd(name, body))
            _rules[name] = body; // the last one counts, as in llama.cpp
        if (_rules.Count > MaxRules)
            throw Error($"more than {MaxRules} rules");
        if (_at < _text.Length && _text[_at] is not ('\n' or '\r'))
            throw Error("expected the end of a rule");
        SkipSpace(lines: true);
    }

    private CharNode ParseChoice(bool nested)
    {
        if (++_depth > MaxDepth)
            throw Error($"groups are nested more than {MaxDepth} deep");
        var options = new List<CharNode> { ParseSequence(nested) };
        while (Take("|"))
        {
            SkipSpace(lines: true);
            options.Add(ParseSequence(nested));
        }
        _depth--;
        return options.Count == 1 ? options[0] : new CharNode.Choice(options);
    }

    private CharNode ParseSequence(bool nested)
    {
        var parts = new List<CharNode>();
        while (_at < _text.Length && ParseItem(nested) is { } item)
            parts.Add(ParseRepeats(item, nested));
        return parts.Count == 1 ? parts[0] : new CharNode.Sequence(parts);
    }

    private CharNode? ParseItem(bool nested)
    {
        CharNode item;
        switch (_text[_at])
        {
            case '"': item = ParseLiteral(); break;
            case '[': item = new CharNode.One(ParseClass()); break;
            case '.': _at++; item = new CharNode.One(CharRanges.All); break;
            case '(':
                _at++;
                SkipSpace(lines: true);
                item = ParseChoice(nested: true);
                if (!Take(")"))
                    throw Error("expected )");
                break;
            case var c when IsName(c): item = new CharNode.Rule(ParseName()); break;
            default: return null;
        }
        SkipSpace(nested);
        return item;
    }

    private CharNode ParseRepeats(CharNode item, bool nested)
    {
        while (_at < _text.Length)
        {
            int least = 0;
            int? most = null;
            if (Take("*"))
                least = 0;
            else if (Take("+"))
                least = 1;
            else if (Take("?"))
                most = 1;
            else if (Take("{"))
                (least, most) = ParseCount();
            else
                return item;
            item = new CharNode.Repeat(item, least, most);
            SkipSpace(nested);
        }
        return item;
    }

    private (int Least, int? Most) ParseCount()
    {
        int end = _text.IndexOf('}', _at);
        string[] ends = end < 0 ? [] : [.. _text[_at..end].Split(',').Select(part => part.Trim())];
        if (ends.Length is 0 or > 2 || ends[0].Length == 0 || !ends.All(part => part.All(char.IsAsciiDigit)))
            throw Error("expected a repeat count such as {2}, {2,} or {2,3}");
        int least = Count(ends[0]);
        int? most = ends.Length == 1 ? least : ends[1].Length == 0 ? null : Count(ends[1]);
        if (most < least)
            throw Error("a repeat count runs backwards");
        _at = end + 1;
        return (least, most);
    }

    private int Count(string digits) =>
        digits.Length <= 5 && int.Parse(digits, CultureInfo.InvariantCulture) is var count && count <= MaxCount
            ? count : throw Error($"a repeat count above {MaxCount}");

    private CharNode.Sequence ParseLiteral()
    {
        _at++;
        var parts = new List<CharNode>();
        while (true)
        {
            if (_at >= _text.Length)
                throw Error("unclosed literal");
            if (Take("\""))
                return new CharNode.Sequence(parts);
            int rune = ParseRune();
            parts.Add(new CharNode.One([(rune, rune)]));
        }
    }

    private List<(int First, int Last)> ParseClass()
    {
        _at++;
        bool negated = Take("^");
        var ranges = new List<(int First, int Last)>();
        while (!Take("]"))
        {
            if (_at >= _text.Length)
                throw Error("unclosed character class");
            int first = ParseRune(), last = first;
            if (_at + 1 < _text.Length && _text[_at] == '-' && _text[_at + 1] != ']')
            {
                _at++;
                last = ParseRune();
            }
            if (last < first)
                throw Error("a range runs backwards");
            ranges.Add((first, last));
        }
        return negated ? CharRanges.Complement(ranges) : CharRanges.Merge(ranges);
    }

    private int ParseRune()
    {
        if (!Take("\\"))
        {
            Rune.DecodeFromUtf16(_text.AsSpan(_at), out var rune, out int length);
            _at += length;
            return rune.Value;
        }
        char c = _at < _text.Length ? _text[_at++] : throw Error("ends in a backslash");
        return c switch
        {
            'x' => Hex(2),
            'u' => Hex(4),
            'U' => Hex(8),
            't' => '\t',
            'r' => '\r',
            'n' => '\n',
            '\\' or '"' or '[' or ']' => c,
            _ => throw Error($"unknown escape \\{c}"),
        };
    }

    private int Hex(int digits)
    {
        if (_at + digits > _text.Length ||
            !int.TryParse(_text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value) ||
            value is < 0 or > CharSets.LastRune)
            throw Error($"{digits} hexadecimal digits of a code point are missing");
        _at += digits;
        return value;
    }

    private string ParseName()
    {
        int start = _at;
        while (_at < _text.Length && IsName(_text[_at]))
            _at++;
        return _at > start ? _text[start.._at] : throw Error("expected the name of a rule");
    }

    private static bool IsName(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    /// <summary>Skips space and comments.</summary>
    /// <param name="lines">Whether a line's end is space here too; otherwise it ends a rule.</param>
    private void SkipSpace(bool lines)
    {
        for (; _at < _text.Length; _at++)
        {
            char c = _text[_at];
            if (c == '#')
            {
                int end = _text.AsSpan(_at).IndexOfAny('\n', '\r');
                _at = end < 0 ? _text.Length : _at + end;
                if (_at == _text.Length || !lines)
                    return;
            }
            else if (c is not (' ' or '\t') && !(lines && c is '\n' or '\r'))
                return;
        }
    }

    private bool Take(string words)
    {
        if (string.CompareOrdinal(_text, _at, words, 0, words.Length) != 0)
            return false;
        _at += words.Length;
        return true;
    }

    private void Check(string rule, CharNode node)
    {
        switch (node)
        {
            case CharNode.Rule named when !_rules.ContainsKey(named.Name):
                throw new GrammarException($"grammar: rule {rule} names {named.Name}, which there is not");
            case CharNode.Sequence sequence: All(sequence.Parts); break;
            case CharNode.Choice choice: All(choice.Options); break;
            case CharNode.Repeat repeat: Check(rule, repeat.Body); break;
        }

        void All(IReadOnlyList<CharNode> parts)
        {
            foreach (var part in parts)
                Check(rule, part);
        }
    }

    private GrammarException Error(string problem)
    {
        int line = 1 + _text.AsSpan(0, Math.Min(_at, _text.Length)).Count('\n');
        return new GrammarException($"grammar: {problem} (line {line})");
    }
}

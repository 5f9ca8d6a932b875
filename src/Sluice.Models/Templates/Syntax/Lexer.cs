using Sluice.Models.Templates.Text;

namespace Sluice.Models.Templates.Syntax;

/// <summary>
/// Splits a template into text and the tokens of its tags, and settles which white space around tags belongs to neither. The rules are
/// jinja2's: a minus inside a tag eats all white space on that side, a plus switches trim_blocks and lstrip_blocks off for it.
/// </summary>
internal sealed class Lexer
{
    private readonly TemplateSource _source;
    private readonly TemplateOptions _options;
    private readonly List<Token> _tokens = [];
    private int _at;

    /// <summary>Whether the text that follows starts a line, as far as lstrip_blocks is concerned.</summary>
    private bool _lineStart = true;

    private Lexer(TemplateSource source, TemplateOptions options) => (_source, _options) = (source, options);

    private string Text => _source.Text;

    public static List<Token> Read(TemplateSource source, TemplateOptions options)
    {
        var lexer = new Lexer(source, options);
        while (lexer._at < source.Text.Length)
            lexer.ReadTextAndTag();
        lexer.Add(TokenKind.End, source.Text.Length, "");
        return lexer._tokens;
    }

    private void ReadTextAndTag()
    {
        int tag = FindTag(_at);
        if (tag < 0)
        {
            AddText(_at, Text.Length);
            _at = Text.Length;
            return;
        }
        char kind = Text[tag + 1];
        char sign = SignAt(tag + 2);
        AddTextBeforeTag(tag, sign, lstrip: kind != '{');
        int inside = tag + (sign == '\0' ? 2 : 3);
        _lineStart = false;
        switch (kind)
        {
            case '#':
                SkipComment(tag, inside);
                break;
            case '{':
                ReadTag(tag, inside, TokenKind.VariableBegin, TokenKind.VariableEnd);
                break;
            default:
                if (TagHolds(inside, "raw", out int body))
                    ReadRaw(tag, body);
                else
                    ReadTag(tag, inside, TokenKind.BlockBegin, TokenKind.BlockEnd);
                break;
        }
    }

    private int FindTag(int from)
    {
        for (int at = Text.IndexOf('{', from); at >= 0 && at + 1 < Text.Length; at = Text.IndexOf('{', at + 1))
        {
            if (Text[at + 1] is '%' or '{' or '#')
                return at;
        }
        return -1;
    }

    private char SignAt(int at) => at < Text.Length && Text[at] is '-' or '+' ? Text[at] : '\0';

    private void AddTextBeforeTag(int tag, char sign, bool lstrip)
    {
        ReadOnlySpan<char> text = Text.AsSpan(_at, tag - _at);
        if (sign == '-')
        {
            AddText(_at, _at + Whitespace.TrimEnd(text).Length);
            return;
        }
        int line = text.LastIndexOf('\n') + 1;
        bool strip = lstrip && sign != '+' && _options.LstripBlocks && (line > 0 || _lineStart) && Whitespace.IsAll(text[line..]);
        AddText(_at, strip ? _at + line : tag);
    }

    private void SkipComment(int tag, int inside)
    {
        int end = Text.IndexOf("#}", inside, StringComparison.Ordinal);
        if (end < 0)
            throw _source.Error(tag, "the comment is never closed: '#}' is missing");
        char sign = end > inside && Text[end - 1] is '-' or '+' ? Text[end - 1] : '\0';
        LeaveTag(end + 2, sign, _options.TrimBlocks);
    }

    private void ReadTag(int tag, int inside, TokenKind begin, TokenKind end)
    {
        Add(begin, tag, Text[tag..inside]);
        var scanner = new TagScanner(_source, inside, _tokens);
        (int at, char sign) = scanner.ReadUntil(begin == TokenKind.BlockBegin ? '%' : '}', tag);
        Add(end, at, "");
        bool isBlock = begin == TokenKind.BlockBegin;
        LeaveTag(at + (sign == '\0' ? 2 : 3), sign, isBlock && _options.TrimBlocks);
    }

    private void ReadRaw(int tag, int body)
    {
        // Unlike other tags the opening one keeps its newline: jinja2 trims it only at a minus.
        _at = body;
        _lineStart = Text[body - 1] == '\n';
        for (int end = FindBlock(body); end >= 0; end = FindBlock(end + 1))
        {
            char sign = SignAt(end + 2);
            if (!TagHolds(end + (sign == '\0' ? 2 : 3), "endraw", out int after, out char closing))
                continue;
            AddTextBeforeTag(end, sign, lstrip: true);
            LeaveTag(after, closing, _options.TrimBlocks);
            return;
        }
        throw _source.Error(tag, "the raw block is never closed: '{% endraw %}' is missing");
    }

    private int FindBlock(int from) => Text.IndexOf("{%", from, StringComparison.Ordinal);

    private bool TagHolds(int at, string word, out int after)
    {
        if (!TagHolds(at, word, out after, out char sign) || sign == '+')
            return false;
        if (sign == '-')
            after = SkipWhitespace(after);
        return true;
    }

    /// <summary>Whether the tag holds this word and nothing else.</summary>
    private bool TagHolds(int at, string word, out int after, out char sign)
    {
        at = SkipWhitespace(at);
        bool holds = string.CompareOrdinal(Text, at, word, 0, word.Length) == 0;
        at = SkipWhitespace(at + word.Length);
        sign = SignAt(at);
        after = at + (sign == '\0' ? 2 : 3);
        return holds && after <= Text.Length && Text[after - 2] == '%' && Text[after - 1] == '}';
    }

    /// <summary>Goes on behind a tag, past the white space that its closing sign or trim_blocks eats.</summary>
    private void LeaveTag(int after, char sign, bool trim)
    {
        _at = after;
        if (sign == '-')
            _at = SkipWhitespace(after);
        else if (sign != '+' && trim && after < Text.Length && Text[after] == '\n')
            _at++;
        _lineStart = Text[_at - 1] == '\n';
    }

    private int SkipWhitespace(int at)
    {
        while (at < Text.Length && Whitespace.Is(Text[at]))
            at++;
        return at;
    }

    private void AddText(int from, int to)
    {
        if (to > from)
            Add(TokenKind.Data, from, Text[from..to]);
    }

    private void Add(TokenKind kind, int offset, string text) => _tokens.Add(new Token(kind, offset, text));
}

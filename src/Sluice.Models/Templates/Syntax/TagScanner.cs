using Sluice.Models.Templates.Text;

namespace Sluice.Models.Templates.Syntax;

/// <summary>Reads the tokens inside one tag.</summary>
internal sealed class TagScanner(TemplateSource source, int start, List<Token> tokens)
{
    private static readonly (string Spelling, TokenKind Kind)[] Operators =
    [
        ("//", TokenKind.FloorDivide), ("**", TokenKind.Power), ("==", TokenKind.Equal), ("!=", TokenKind.NotEqual),
        (">=", TokenKind.GreaterOrEqual), ("<=", TokenKind.LessOrEqual), ("+", TokenKind.Add), ("-", TokenKind.Subtract),
        ("/", TokenKind.Divide), ("*", TokenKind.Multiply), ("%", TokenKind.Modulo), ("~", TokenKind.Tilde),
        ("[", TokenKind.LeftBracket), ("]", TokenKind.RightBracket), ("(", TokenKind.LeftParenthesis),
        (")", TokenKind.RightParenthesis), ("{", TokenKind.LeftBrace), ("}", TokenKind.RightBrace), (">", TokenKind.Greater),
        ("<", TokenKind.Less), ("=", TokenKind.Assign), (".", TokenKind.Dot), (":", TokenKind.Colon), ("|", TokenKind.Pipe),
        (",", TokenKind.Comma), (";", TokenKind.Semicolon),
    ];

    private readonly string _text = source.Text;
    private readonly Stack<char> _open = new();
    private int _at = start;

    /// <summary>Reads up to the tag's end; while a bracket is open the end is not one.</summary>
    /// <param name="closing">% of a block tag or } of a print.</param>
    /// <param name="tag">Where the tag began.</param>
    /// <returns>Where the end begins, and its sign.</returns>
    public (int At, char Sign) ReadUntil(char closing, int tag)
    {
        while (true)
        {
            while (_at < _text.Length && Whitespace.Is(_text[_at]))
                _at++;
            if (_at >= _text.Length)
                throw source.Error(tag, $"the tag is never closed: '{closing}}}' is missing");
            if (_open.Count == 0 && IsEnd(closing, out char sign))
                return (_at, sign);
            ReadToken();
        }
    }

    private bool IsEnd(char closing, out char sign)
    {
        sign = _text[_at] == '-' || (_text[_at] == '+' && closing == '%') ? _text[_at] : '\0';
        int end = sign == '\0' ? _at : _at + 1;
        return end + 1 < _text.Length && _text[end] == closing && _text[end + 1] == '}';
    }

    private void ReadToken()
    {
        char first = _text[_at];
        if (char.IsAsciiDigit(first))
            ReadNumber();
        else if (first == '_' || char.IsLetter(first) || char.IsSurrogate(first))
            ReadName();
        else if (first is '\'' or '"')
            ReadString(first);
        else
            ReadOperator();
    }

    private void ReadNumber()
    {
        int length = NumberScanner.Float(_text, _at);
        TokenKind kind = TokenKind.Float;
        if (length == 0)
            (length, kind) = (NumberScanner.Integer(_text, _at), TokenKind.Integer);
        Add(kind, length, _text.Substring(_at, length).Replace("_", "", StringComparison.Ordinal));
    }

    private void ReadName()
    {
        int end = _at;
        while (end < _text.Length && (_text[end] == '_' || char.IsLetterOrDigit(_text[end]) || char.IsSurrogate(_text[end])))
            end++;
        Add(TokenKind.Name, end - _at, _text[_at..end]);
    }

    private void ReadString(char quote)
    {
        int end = _at + 1;
        while (end < _text.Length && _text[end] != quote)
            end += _text[end] == '\\' ? 2 : 1;
        if (end >= _text.Length)
            throw source.Error(_at, "the string is never closed");
        int start = _at;
        string value = StringLiteral.Unescape(_text.AsSpan(start + 1, end - start - 1), problem => source.Error(start, problem));
        Add(TokenKind.String, end + 1 - _at, value);
    }

    private void ReadOperator()
    {
        foreach ((string spelling, TokenKind kind) in Operators)
        {
            if (string.CompareOrdinal(_text, _at, spelling, 0, spelling.Length) != 0)
                continue;
            Balance(spelling[0]);
            Add(kind, spelling.Length, spelling);
            return;
        }
        throw source.Error(_at, $"unexpected character '{_text[_at]}'");
    }

    private void Balance(char bracket)
    {
        if (bracket is '(' or '[' or '{')
        {
            _open.Push(bracket == '(' ? ')' : bracket == '[' ? ']' : '}');
            return;
        }
        if (bracket is not (')' or ']' or '}'))
            return;
        if (!_open.TryPop(out char expected))
            throw source.Error(_at, $"unexpected '{bracket}'");
        if (expected != bracket)
            throw source.Error(_at, $"unexpected '{bracket}', expected '{expected}'");
    }

    private void Add(TokenKind kind, int length, string text)
    {
        tokens.Add(new Token(kind, _at, text));
        _at += length;
    }
}

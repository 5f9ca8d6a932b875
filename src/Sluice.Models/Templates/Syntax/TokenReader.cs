namespace Sluice.Models.Templates.Syntax;

/// <summary>The tokens of a template, read forwards.</summary>
internal sealed class TokenReader(TemplateSource source, List<Token> tokens)
{
    private int _at;

    public Token Current => tokens[_at];

    public Token Next => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public Token Take()
    {
        Token token = Current;
        if (_at < tokens.Count - 1)
            _at++;
        return token;
    }

    public bool Skip(TokenKind kind)
    {
        bool found = Current.Kind == kind;
        if (found)
            Take();
        return found;
    }

    public bool SkipName(string name)
    {
        bool found = Current.IsName(name);
        if (found)
            Take();
        return found;
    }

    public Token Expect(TokenKind kind, string what) =>
        Current.Kind == kind ? Take() : throw Error($"expected {what}, found {Current}");

    public void ExpectName(string name)
    {
        if (!SkipName(name))
            throw Error($"expected '{name}', found {Current}");
    }

    /// <summary>A fault of the template at the current token.</summary>
    public TemplateException Error(string problem) => source.Error(Current.Offset, problem);

    public TemplateException Error(Token at, string problem) => source.Error(at.Offset, problem);
}

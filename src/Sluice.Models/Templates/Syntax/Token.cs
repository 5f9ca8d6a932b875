namespace Sluice.Models.Templates.Syntax;

/// <param name="Offset">Where it starts in the source.</param>
/// <param name="Text">The data, the name, the unescaped string, the digits of a number, or the operator as written.</param>
internal readonly record struct Token(TokenKind Kind, int Offset, string Text)
{
    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    /// <summary>The token as a message names it.</summary>
    public override string ToString() => Kind switch
    {
        TokenKind.Data => "text",
        TokenKind.BlockEnd => "end of tag",
        TokenKind.VariableEnd => "end of print",
        TokenKind.End => "end of template",
        _ => $"'{Text}'",
    };
}

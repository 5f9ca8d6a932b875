using Sluice.Models.Templates.Statements;

namespace Sluice.Models.Templates.Syntax;

/// <summary>Parses what a tag assigns to: a name, names with commas, or an attribute of a namespace.</summary>
internal sealed class TargetParser(ParserState state)
{
    private TokenReader Tokens => state.Tokens;

    /// <param name="withNamespace">Whether `ns.attribute` is allowed.</param>
    public Target Parse(bool withNamespace = false)
    {
        int offset = Tokens.Current.Offset;
        var targets = new List<Target>();
        bool isTuple = false;
        while (Tokens.Current.Kind is not (TokenKind.BlockEnd or TokenKind.RightParenthesis))
        {
            targets.Add(ParseOne(withNamespace));
            if (!Tokens.Skip(TokenKind.Comma))
                break;
            isTuple = true;
        }
        if (targets.Count == 0)
            throw Tokens.Error($"expected a name to assign to, found {Tokens.Current}");
        return targets.Count == 1 && !isTuple ? targets[0] : new TupleTarget([.. targets], offset);
    }

    /// <summary>A name alone.</summary>
    public Token ParseName()
    {
        Token name = Tokens.Expect(TokenKind.Name, "a name");
        if (name.Text is "true" or "false" or "none" or "True" or "False" or "None")
            throw Tokens.Error(name, $"cannot assign to '{name.Text}'");
        return name;
    }

    private Target ParseOne(bool withNamespace)
    {
        if (Tokens.Skip(TokenKind.LeftParenthesis))
        {
            state.Enter();
            Target inner = Parse(withNamespace);
            state.Leave();
            Tokens.Expect(TokenKind.RightParenthesis, "')'");
            return inner;
        }
        Token name = ParseName();
        if (state.Loops > 0 && name.Text == "loop")
            throw Tokens.Error(name, "cannot assign to 'loop' inside of a for, whose own name it is");
        if (!withNamespace || !Tokens.Skip(TokenKind.Dot))
            return new NameTarget(state.Number(name.Text));
        state.NamesRead.Add(name.Text);
        return new NamespaceTarget(state.Number(name.Text), Tokens.Expect(TokenKind.Name, "an attribute").Text, name.Offset);
    }
}

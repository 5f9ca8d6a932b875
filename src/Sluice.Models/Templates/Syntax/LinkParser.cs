using Sluice.Models.Templates.Builtins;
using Sluice.Models.Templates.Expressions;

namespace Sluice.Models.Templates.Syntax;

/// <summary>Parses what follows an operand: attributes, subscripts, calls, filters and tests.</summary>
internal sealed class LinkParser(ParserState state, ExpressionParser expressions, OperandParser operands)
{
    private TokenReader Tokens => state.Tokens;

    /// <param name="withFilters">Whether filters and tests belong to this operand, not to a sign before it.</param>
    public Expression ParseChain(Expression start, bool withFilters)
    {
        var links = new List<Link>();
        while (ParsePostfix() is { } postfix)
            links.Add(postfix);
        while (withFilters && ParseFilterOrTest() is { } link)
            links.Add(link);
        return links.Count == 0 ? start : new ChainExpression(start, [.. links]);
    }

    /// <summary>`| name(…) | …`; the first without its bar where a tag names it.</summary>
    public Link[] ParseFilters(bool startsInline)
    {
        var filters = new List<Link>();
        if (startsInline)
            filters.Add(ParseFilter());
        while (Tokens.Skip(TokenKind.Pipe))
            filters.Add(ParseFilter());
        return [.. filters];
    }

    private Link? ParsePostfix() => Tokens.Current.Kind switch
    {
        TokenKind.Dot => ParseAttribute(),
        TokenKind.LeftBracket => ParseSubscript(),
        TokenKind.LeftParenthesis => ParseCall(),
        _ => null,
    };

    private Link? ParseFilterOrTest()
    {
        if (Tokens.Skip(TokenKind.Pipe))
            return ParseFilter();
        if (Tokens.SkipName("is"))
            return ParseTest();
        return Tokens.Current.Kind == TokenKind.LeftParenthesis ? ParseCall() : null;
    }

    private Link ParseAttribute()
    {
        int offset = Tokens.Take().Offset;
        Token token = Tokens.Take();
        return token.Kind switch
        {
            TokenKind.Name => new AttributeLink(token.Text, offset),
            TokenKind.Integer => new ItemLink(new ConstantExpression(operands.Integer(token)), offset),
            _ => throw Tokens.Error(token, $"expected a name or number after '.', found {token}"),
        };
    }

    private Link ParseSubscript()
    {
        int offset = Tokens.Take().Offset;
        if (Tokens.Current.Kind == TokenKind.Colon)
            return ParseSlice(null, offset);
        var keys = new List<Expression>();
        bool isTuple = false;
        while (Tokens.Current.Kind != TokenKind.RightBracket)
        {
            keys.Add(expressions.Parse());
            if (Tokens.Current.Kind == TokenKind.Colon)
                return keys.Count == 1 ? ParseSlice(keys[0], offset) : throw Tokens.Error("slices cannot stand in a list of subscripts");
            if (!Tokens.Skip(TokenKind.Comma))
                break;
            isTuple = true;
        }
        Tokens.Expect(TokenKind.RightBracket, "']'");
        return new ItemLink(keys.Count == 1 && !isTuple ? keys[0] : new ArrayExpression([.. keys], isTuple: true), offset);
    }

    private SliceLink ParseSlice(Expression? start, int offset)
    {
        Tokens.Expect(TokenKind.Colon, "':'");
        Expression? stop = ParseBound();
        Expression? step = Tokens.Skip(TokenKind.Colon) ? ParseBound() : null;
        Tokens.Expect(TokenKind.RightBracket, "']'");
        return new SliceLink(start, stop, step, offset);
    }

    private Expression? ParseBound() => Tokens.Current.Kind is TokenKind.Colon or TokenKind.RightBracket ? null : expressions.Parse();

    private CallLink ParseCall()
    {
        int offset = Tokens.Current.Offset;
        return new CallLink(ParseArguments(), offset);
    }

    private FilterLink ParseFilter()
    {
        Token start = Tokens.Current;
        string name = ParseDottedName();
        if (state.Branches == 0 && Filters.Find(name) is null)
            throw Tokens.Error(start, $"no filter named '{name}'");
        ArgumentList arguments = Tokens.Current.Kind == TokenKind.LeftParenthesis ? ParseArguments() : ArgumentList.Empty;
        return new FilterLink(name, arguments, start.Offset);
    }

    private TestLink ParseTest()
    {
        bool negated = Tokens.SkipName("not");
        Token start = Tokens.Current;
        string name = ParseDottedName();
        if (state.Branches == 0 && Tests.Find(name) is null)
            throw Tokens.Error(start, $"no test named '{name}'");
        return new TestLink(name, negated, ParseTestArguments(), start.Offset);
    }

    /// <summary>A test takes its one argument also without parentheses.</summary>
    private ArgumentList ParseTestArguments()
    {
        Token token = Tokens.Current;
        if (token.Kind == TokenKind.LeftParenthesis)
            return ParseArguments();
        bool startsOperand = token.Kind is TokenKind.Name or TokenKind.String or TokenKind.Integer or TokenKind.Float
            or TokenKind.LeftBracket or TokenKind.LeftBrace;
        if (!startsOperand || token.IsName("else") || token.IsName("or") || token.IsName("and"))
            return ArgumentList.Empty;
        if (token.IsName("is"))
            throw Tokens.Error("tests cannot be chained with 'is'");
        state.Enter();
        Expression argument = ParseChain(operands.Parse(), withFilters: false);
        state.Leave();
        return new ArgumentList([argument], [], null, null);
    }

    private string ParseDottedName()
    {
        string name = Tokens.Expect(TokenKind.Name, "a name").Text;
        while (Tokens.Skip(TokenKind.Dot))
            name += "." + Tokens.Expect(TokenKind.Name, "a name").Text;
        return name;
    }

    private ArgumentList ParseArguments()
    {
        Tokens.Take();
        var positional = new List<Expression>();
        var keywords = new List<(string, Expression)>();
        Expression? star = null, doubleStar = null;
        while (Tokens.Current.Kind != TokenKind.RightParenthesis)
        {
            Token token = Tokens.Current;
            bool isKeyword = token.Kind == TokenKind.Name && Tokens.Next.Kind == TokenKind.Assign;
            bool inOrder = token.Kind switch
            {
                TokenKind.Power => true,
                TokenKind.Multiply => star is null,
                _ => isKeyword || (star is null && keywords.Count == 0),
            };
            if (!inOrder || doubleStar is not null)
                throw Tokens.Error("arguments must come in the order: values, *values, name=value, **names");
            if (isKeyword)
            {
                Tokens.Take();
                Tokens.Take();
                keywords.Add((token.Text, expressions.Parse()));
            }
            else if (Tokens.Skip(TokenKind.Multiply))
            {
                star = expressions.Parse();
            }
            else if (Tokens.Skip(TokenKind.Power))
            {
                doubleStar = expressions.Parse();
            }
            else
            {
                positional.Add(expressions.Parse());
            }
            if (!Tokens.Skip(TokenKind.Comma))
                break;
        }
        Tokens.Expect(TokenKind.RightParenthesis, "',' or ')'");
        return new ArgumentList([.. positional], [.. keywords], star, doubleStar);
    }
}

using Sluice.Models.Templates.Expressions;

namespace Sluice.Models.Templates.Syntax;

/// <summary>Parses operators, from the loosest (`x if y else z`) to the tightest (signs).</summary>
internal sealed class ExpressionParser
{
    private readonly ParserState _state;
    private readonly OperandParser _operands;

    public ExpressionParser(ParserState state)
    {
        _state = state;
        _operands = new OperandParser(state, this);
        Links = _operands.Links;
    }

    public LinkParser Links { get; }

    private TokenReader Tokens => _state.Tokens;

    /// <summary>One expression.</summary>
    public Expression Parse()
    {
        _state.Enter();
        Expression expression = ParseOr();
        while (Tokens.SkipName("if"))
        {
            _state.Branches++;
            Expression condition = ParseOr();
            expression = new ConditionalExpression(condition, expression, Tokens.SkipName("else") ? Parse() : null);
            _state.Branches--;
        }
        _state.Leave();
        return expression;
    }

    /// <summary>One expression, or several with commas as a tuple.</summary>
    /// <param name="withConditional">Whether `if` belongs to the expression, not to the tag around it.</param>
    /// <param name="inParentheses">An empty tuple is allowed.</param>
    public Expression ParseTuple(bool withConditional = true, bool inParentheses = false)
    {
        var items = new List<Expression>();
        bool isTuple = false;
        while (!AtTupleEnd())
        {
            items.Add(withConditional ? Parse() : ParseUnconditional());
            if (!Tokens.Skip(TokenKind.Comma))
                break;
            isTuple = true;
        }
        if (items.Count == 1 && !isTuple)
            return items[0];
        if (items.Count == 0 && !inParentheses)
            throw Tokens.Error($"expected an expression, found {Tokens.Current}");
        return new ArrayExpression([.. items], isTuple: true);
    }

    /// <summary>An operand and the signs before it.</summary>
    public Expression ParseUnary(bool withFilters = true)
    {
        Token token = Tokens.Current;
        Expression start;
        if (token.Kind is TokenKind.Subtract or TokenKind.Add)
        {
            Tokens.Take();
            _state.Enter();
            start = new SignExpression(ParseUnary(withFilters: false), token.Kind == TokenKind.Subtract, token.Offset);
            _state.Leave();
        }
        else
        {
            start = _operands.Parse();
        }
        return Links.ParseChain(start, withFilters);
    }

    private Expression ParseUnconditional()
    {
        _state.Enter();
        Expression expression = ParseOr();
        _state.Leave();
        return expression;
    }

    private bool AtTupleEnd() => Tokens.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd or TokenKind.RightParenthesis;

    private Expression ParseOr() => ParseLogic("or", deciding: true, ParseAnd);

    private Expression ParseAnd() => ParseLogic("and", deciding: false, ParseNot);

    private Expression ParseLogic(string name, bool deciding, Func<Expression> parseOperand)
    {
        Expression first = parseOperand();
        if (!Tokens.Current.IsName(name))
            return first;
        var operands = new List<Expression> { first };
        while (Tokens.SkipName(name))
            operands.Add(parseOperand());
        return new LogicExpression([.. operands], deciding);
    }

    private Expression ParseNot()
    {
        if (!Tokens.SkipName("not"))
            return ParseComparison();
        _state.Enter();
        var negation = new NotExpression(ParseNot());
        _state.Leave();
        return negation;
    }

    private Expression ParseComparison()
    {
        Expression first = ParseSum();
        List<(ComparisonKind, int, Expression)>? rest = null;
        while (TakeComparison() is { } comparison)
            (rest ??= []).Add((comparison.Kind, comparison.Offset, ParseSum()));
        return rest is null ? first : new ComparisonExpression(first, [.. rest]);
    }

    private (ComparisonKind Kind, int Offset)? TakeComparison()
    {
        Token token = Tokens.Current;
        ComparisonKind? kind = token.Kind switch
        {
            TokenKind.Equal => ComparisonKind.Equal,
            TokenKind.NotEqual => ComparisonKind.NotEqual,
            TokenKind.Less => ComparisonKind.Less,
            TokenKind.LessOrEqual => ComparisonKind.LessOrEqual,
            TokenKind.Greater => ComparisonKind.Greater,
            TokenKind.GreaterOrEqual => ComparisonKind.GreaterOrEqual,
            TokenKind.Name when token.Text == "in" => ComparisonKind.In,
            TokenKind.Name when token.Text == "not" && Tokens.Next.IsName("in") => ComparisonKind.NotIn,
            _ => null,
        };
        if (kind is null)
            return null;
        Tokens.Take();
        if (kind == ComparisonKind.NotIn)
            Tokens.Take();
        return (kind.Value, token.Offset);
    }

    private Expression ParseSum() => ParseArithmetic(kind => kind is TokenKind.Add or TokenKind.Subtract, ParseConcat);

    private Expression ParseConcat()
    {
        Expression first = ParseProduct();
        if (Tokens.Current.Kind != TokenKind.Tilde)
            return first;
        var operands = new List<Expression> { first };
        while (Tokens.Skip(TokenKind.Tilde))
            operands.Add(ParseProduct());
        return new ConcatExpression([.. operands]);
    }

    private Expression ParseProduct() => ParseArithmetic(
        kind => kind is TokenKind.Multiply or TokenKind.Divide or TokenKind.FloorDivide or TokenKind.Modulo, ParsePower);

    private Expression ParsePower() => ParseArithmetic(kind => kind == TokenKind.Power, () => ParseUnary());

    private Expression ParseArithmetic(Predicate<TokenKind> isOperator, Func<Expression> parseOperand)
    {
        Expression first = parseOperand();
        List<(Token, Expression)>? rest = null;
        while (isOperator(Tokens.Current.Kind))
            (rest ??= []).Add((Tokens.Take(), parseOperand()));
        return rest is null ? first : new ArithmeticExpression(first, [.. rest]);
    }
}

using System.Globalization;
using System.Numerics;
using System.Text;
using Sluice.Models.Templates.Expressions;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Syntax;

/// <summary>Parses what operators work on: literals, names, brackets.</summary>
internal sealed class OperandParser
{
    private readonly ParserState _state;
    private readonly ExpressionParser _expressions;

    public OperandParser(ParserState state, ExpressionParser expressions)
    {
        (_state, _expressions) = (state, expressions);
        Links = new LinkParser(state, expressions, this);
    }

    public LinkParser Links { get; }

    private TokenReader Tokens => _state.Tokens;

    public Expression Parse()
    {
        Token token = Tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                Tokens.Take();
                return Name(token.Text);
            case TokenKind.String:
                return ParseStrings();
            case TokenKind.Integer:
                Tokens.Take();
                return new ConstantExpression(Integer(token));
            case TokenKind.Float:
                Tokens.Take();
                return new ConstantExpression(new FloatValue(double.Parse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture)));
            case TokenKind.LeftParenthesis:
                Tokens.Take();
                Expression inner = _expressions.ParseTuple(inParentheses: true);
                Tokens.Expect(TokenKind.RightParenthesis, "')'");
                return inner;
            case TokenKind.LeftBracket:
                return ParseList();
            case TokenKind.LeftBrace:
                return ParseDict();
            default:
                throw Tokens.Error($"expected an expression, found {token}");
        }
    }

    public IntegerValue Integer(Token token)
    {
        ReadOnlySpan<char> digits = token.Text;
        if (digits.Length > IntegerValue.MaxDigits)
            throw TooLong(token);
        char radix = digits.Length > 2 ? char.ToLowerInvariant(digits[1]) : '\0';
        BigInteger number = radix switch
        {
            'x' => BigInteger.Parse($"0{digits[2..]}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            'b' => BigInteger.Parse($"0{digits[2..]}", NumberStyles.AllowBinarySpecifier, CultureInfo.InvariantCulture),
            'o' => Octal(digits[2..]),
            _ => BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture),
        };
        return IntegerValue.Fits(number) ? IntegerValue.Of(number) : throw TooLong(token);
    }

    private TemplateException TooLong(Token token) => Tokens.Error(token, $"an integer of more than {IntegerValue.MaxDigits} digits");

    private static BigInteger Octal(ReadOnlySpan<char> digits)
    {
        BigInteger number = 0;
        foreach (char digit in digits)
            number = number * 8 + (digit - '0');
        return number;
    }

    private Expression Name(string name)
    {
        switch (name)
        {
            case "true" or "True":
                return new ConstantExpression(BooleanValue.True);
            case "false" or "False":
                return new ConstantExpression(BooleanValue.False);
            case "none" or "None":
                return new ConstantExpression(NoneValue.Instance);
        }
        _state.NamesRead.Add(name);
        return new NameExpression(_state.Number(name), name);
    }

    private ConstantExpression ParseStrings()
    {
        string text = Tokens.Take().Text;
        if (Tokens.Current.Kind == TokenKind.String)
        {
            var joined = new StringBuilder(text);
            while (Tokens.Current.Kind == TokenKind.String)
                joined.Append(Tokens.Take().Text);
            text = joined.ToString();
        }
        return new ConstantExpression(new StringValue(text));
    }

    private ArrayExpression ParseList()
    {
        Tokens.Take();
        var items = new List<Expression>();
        while (Tokens.Current.Kind != TokenKind.RightBracket)
        {
            items.Add(_expressions.Parse());
            if (!Tokens.Skip(TokenKind.Comma))
                break;
        }
        Tokens.Expect(TokenKind.RightBracket, "',' or ']'");
        return new ArrayExpression([.. items], isTuple: false);
    }

    private DictExpression ParseDict()
    {
        int offset = Tokens.Take().Offset;
        var items = new List<(Expression, Expression)>();
        while (Tokens.Current.Kind != TokenKind.RightBrace)
        {
            Expression key = _expressions.Parse();
            Tokens.Expect(TokenKind.Colon, "':'");
            items.Add((key, _expressions.Parse()));
            if (!Tokens.Skip(TokenKind.Comma))
                break;
        }
        Tokens.Expect(TokenKind.RightBrace, "',' or '}'");
        return new DictExpression([.. items], offset);
    }
}

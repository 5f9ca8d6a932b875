using Sluice.Models.Templates.Expressions;
using Sluice.Models.Templates.Statements;

namespace Sluice.Models.Templates.Syntax;

/// <summary>Parses text, prints and block tags.</summary>
internal sealed class StatementParser
{
    private readonly ParserState _state;
    private readonly ExpressionParser _expressions;
    private readonly TargetParser _targets;
    private readonly MacroParser _macros;
    private readonly HashSet<string> _blocks = [];

    private StatementParser(ParserState state)
    {
        _state = state;
        _expressions = new ExpressionParser(state);
        _targets = new TargetParser(state);
        _macros = new MacroParser(state, _expressions, _targets, this);
    }

    private TokenReader Tokens => _state.Tokens;

    /// <summary>Parses a whole template.</summary>
    public static Block Parse(ParserState state)
    {
        var parser = new StatementParser(state);
        return parser.ParseUntil([]);
    }

    /// <summary>The body of a tag, up to and with the name of the tag that ends it.</summary>
    public Block ParseBody(params ReadOnlySpan<string> ends)
    {
        Tokens.Skip(TokenKind.Colon);
        Tokens.Expect(TokenKind.BlockEnd, "end of tag");
        return ParseUntil(ends);
    }

    private Block ParseUntil(ReadOnlySpan<string> ends)
    {
        _state.Enter();
        var statements = new List<Statement>();
        while (true)
        {
            Token token = Tokens.Current;
            switch (token.Kind)
            {
                case TokenKind.Data:
                    statements.Add(new TextStatement(Tokens.Take().Text));
                    continue;
                case TokenKind.VariableBegin:
                    Tokens.Take();
                    statements.Add(new PrintStatement(_expressions.ParseTuple()));
                    Tokens.Expect(TokenKind.VariableEnd, "end of print");
                    continue;
                case TokenKind.BlockBegin:
                    Tokens.Take();
                    if (Tokens.Current.Kind == TokenKind.Name && ends.Contains(Tokens.Current.Text))
                        break;
                    statements.AddRange(ParseStatement(ends));
                    Tokens.Expect(TokenKind.BlockEnd, "end of tag");
                    continue;
                default:
                    if (ends.Length > 0)
                        throw Tokens.Error($"the template ends before '{string.Join("' or '", ends.ToArray())}'");
                    break;
            }
            _state.Leave();
            return new Block([.. statements]);
        }
    }

    private List<Statement> ParseStatement(ReadOnlySpan<string> ends)
    {
        Token token = Tokens.Expect(TokenKind.Name, "the name of a tag");
        return token.Text switch
        {
            "print" => ParsePrint(),
            "if" => [ParseIf()],
            "for" => [ParseFor()],
            "set" => [ParseSet()],
            "with" => [ParseWith()],
            "macro" => [_macros.ParseMacro()],
            "call" => [_macros.ParseCall()],
            "filter" => [ParseFilter()],
            "generation" => [ParseGeneration()],
            "block" => [ParseBlock()],
            "break" => [ParseJump(token, Flow.Break)],
            "continue" => [ParseJump(token, Flow.Continue)],
            "include" or "import" or "from" or "extends" =>
                throw Tokens.Error(token, $"'{token.Text}' is not supported: a chat template has no other templates to load"),
            "autoescape" => throw Tokens.Error(token, "'autoescape' is not supported: a prompt is plain text"),
            _ => throw Tokens.Error(token, Unknown(token.Text, ends)),
        };
    }

    private static string Unknown(string tag, ReadOnlySpan<string> ends) =>
        ends.Length == 0 ? $"unknown tag '{tag}'" : $"unknown tag '{tag}' where '{string.Join("' or '", ends.ToArray())}' is open";

    private List<Statement> ParsePrint()
    {
        var prints = new List<Statement>();
        while (Tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (prints.Count > 0)
                Tokens.Expect(TokenKind.Comma, "','");
            prints.Add(new PrintStatement(_expressions.Parse()));
        }
        return prints;
    }

    private IfStatement ParseIf()
    {
        var branches = new List<(Expression, Block)>();
        _state.Branches++;
        while (true)
        {
            Expression condition = _expressions.ParseTuple(withConditional: false);
            branches.Add((condition, ParseBody("elif", "else", "endif")));
            string end = Tokens.Take().Text;
            if (end == "elif")
                continue;
            Block? otherwise = end == "else" ? ParseBody("endif") : null;
            if (otherwise is not null)
                Tokens.Take();
            _state.Branches--;
            return new IfStatement([.. branches], otherwise);
        }
    }

    private ForStatement ParseFor()
    {
        int offset = Tokens.Current.Offset;
        _state.Loops++;
        Target target = _targets.Parse();
        Tokens.ExpectName("in");
        Expression elements = _expressions.ParseTuple(withConditional: false);
        Expression? condition = Tokens.SkipName("if") ? _expressions.Parse() : null;
        bool isRecursive = Tokens.SkipName("recursive");
        Block body = ParseBody("endfor", "else");
        _state.Loops--;
        Block? otherwise = Tokens.Take().Text == "else" ? ParseBody("endfor") : null;
        if (otherwise is not null)
            Tokens.Take();
        var parts = new ForParts(target, elements, condition, isRecursive, body, otherwise);
        return new ForStatement(parts, _state.Number("loop"), offset);
    }

    private Statement ParseSet()
    {
        Target target = _targets.Parse(withNamespace: true);
        if (Tokens.Skip(TokenKind.Assign))
            return new SetStatement(target, _expressions.ParseTuple());
        Link[] filters = _expressions.Links.ParseFilters(startsInline: false);
        Block body = ParseBody("endset");
        Tokens.Take();
        return new SetBlockStatement(target, filters, body);
    }

    private WithStatement ParseWith()
    {
        var assignments = new List<(Target, Expression)>();
        while (Tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (assignments.Count > 0)
                Tokens.Expect(TokenKind.Comma, "','");
            Target target = _targets.Parse();
            Tokens.Expect(TokenKind.Assign, "'='");
            assignments.Add((target, _expressions.Parse()));
        }
        Block body = ParseBody("endwith");
        Tokens.Take();
        return new WithStatement([.. assignments], body);
    }

    private FilterStatement ParseFilter()
    {
        Link[] filters = _expressions.Links.ParseFilters(startsInline: true);
        Block body = ParseBody("endfilter");
        Tokens.Take();
        return new FilterStatement(filters, body);
    }

    private ScopeStatement ParseGeneration()
    {
        Block body = ParseBody("endgeneration");
        Tokens.Take();
        return new ScopeStatement(body, seesOuterScope: true);
    }

    private ScopeStatement ParseBlock()
    {
        Token name = Tokens.Expect(TokenKind.Name, "the block's name");
        if (!_blocks.Add(name.Text))
            throw Tokens.Error(name, $"block '{name.Text}' is defined twice");
        bool isScoped = Tokens.SkipName("scoped");
        Tokens.SkipName("required");
        Block body = ParseBody("endblock");
        Tokens.Take();
        Tokens.SkipName(name.Text);
        return new ScopeStatement(body, isScoped);
    }

    private JumpStatement ParseJump(Token token, Flow flow) =>
        _state.Loops > 0 ? new JumpStatement(flow) : throw Tokens.Error(token, $"'{token.Text}' outside of a loop");
}

using Sluice.Models.Templates.Expressions;
using Sluice.Models.Templates.Statements;

namespace Sluice.Models.Templates.Syntax;

/// <summary>Parses macros and call blocks.</summary>
internal sealed class MacroParser(ParserState state, ExpressionParser expressions, TargetParser targets, StatementParser statements)
{
    private TokenReader Tokens => state.Tokens;

    public MacroStatement ParseMacro()
    {
        Token name = targets.ParseName();
        MacroParameter[] parameters = ParseParameters();
        Block body = ParseBody("endmacro", out HashSet<string> names);
        return new MacroStatement(Signature(name.Text, parameters, names), state.Number(name.Text), body);
    }

    public CallStatement ParseCall()
    {
        MacroParameter[] parameters = Tokens.Current.Kind == TokenKind.LeftParenthesis ? ParseParameters() : [];
        Token start = Tokens.Current;
        if (expressions.Parse() is not ChainExpression { Links: [.. var links, CallLink call] } chain)
            throw Tokens.Error(start, "expected the call of a macro");
        Block body = ParseBody("endcall", out HashSet<string> names);
        Expression function = links.Length == 0 ? chain.Start : new ChainExpression(chain.Start, links);
        return new CallStatement(Signature(null, parameters, names), function, call, body);
    }

    private Block ParseBody(string end, out HashSet<string> names)
    {
        Block? body = null;
        names = state.CollectNames(() => body = statements.ParseBody(end));
        Tokens.Take();
        return body!;
    }

    /// <summary>A macro takes a caller, further keywords or further values exactly if its body reads them.</summary>
    private MacroSignature Signature(string? name, MacroParameter[] parameters, HashSet<string> namesRead)
    {
        return new MacroSignature(name, parameters, Special("caller"), Special("kwargs"), Special("varargs"));

        int? Special(string special) =>
            namesRead.Contains(special) && !Array.Exists(parameters, parameter => parameter.Spelling == special)
                ? state.Number(special)
                : null;
    }

    private MacroParameter[] ParseParameters()
    {
        Tokens.Expect(TokenKind.LeftParenthesis, "'('");
        var parameters = new List<MacroParameter>();
        while (Tokens.Current.Kind != TokenKind.RightParenthesis)
        {
            if (parameters.Count > 0)
                Tokens.Expect(TokenKind.Comma, "','");
            Token name = targets.ParseName();
            if (parameters.Exists(parameter => parameter.Spelling == name.Text))
                throw Tokens.Error(name, $"parameter '{name.Text}' is listed twice");
            Expression? otherwise = Tokens.Skip(TokenKind.Assign) ? expressions.Parse() : null;
            if (otherwise is null && parameters.Exists(parameter => parameter.Default is not null))
                throw Tokens.Error(name, "a parameter without a default follows one with a default");
            parameters.Add(new MacroParameter(name.Text, state.Number(name.Text), otherwise));
        }
        Tokens.Take();
        return [.. parameters];
    }
}

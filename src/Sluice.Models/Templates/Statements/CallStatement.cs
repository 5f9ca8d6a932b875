using Sluice.Models.Templates.Builtins;
using Sluice.Models.Templates.Expressions;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Statements;

/// <summary>`{% call(…) macro(…) %}…{% endcall %}`: prints the call, to which the block is passed as `caller`.</summary>
internal sealed class CallStatement(MacroSignature signature, Expression function, CallLink call, Block body) : Statement
{
    public override Flow Execute(Rendering rendering)
    {
        Value target = function.Evaluate(rendering);
        Arguments given = call.Arguments.Evaluate(rendering);
        var caller = new MacroValue(signature, body, rendering.Scope);
        rendering.At = call.Offset;
        target.Call(rendering, new Arguments(given.Positional, [.. given.Keywords, new("caller", caller)])).Write(rendering.Output);
        return Flow.Next;
    }
}

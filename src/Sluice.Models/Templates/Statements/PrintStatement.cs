using Sluice.Models.Templates.Expressions;

namespace Sluice.Models.Templates.Statements;

/// <summary>`{{ value }}`.</summary>
internal sealed class PrintStatement(Expression value) : Statement
{
    public override Flow Execute(Rendering rendering)
    {
        value.Evaluate(rendering).Write(rendering.Output);
        return Flow.Next;
    }
}

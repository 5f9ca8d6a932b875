using Sluice.Models.Templates.Expressions;

namespace Sluice.Models.Templates.Statements;

/// <summary>`{% set target = value %}`.</summary>
internal sealed class SetStatement(Target target, Expression value) : Statement
{
    public override Flow Execute(Rendering rendering)
    {
        target.Assign(value.Evaluate(rendering), rendering);
        return Flow.Next;
    }
}

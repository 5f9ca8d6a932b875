using Sluice.Models.Templates.Expressions;

namespace Sluice.Models.Templates.Statements;

/// <summary>`{% if %}`; what a branch sets stays set after it.</summary>
internal sealed class IfStatement((Expression Condition, Block Body)[] branches, Block? otherwise) : Statement
{
    public override Flow Execute(Rendering rendering)
    {
        foreach ((Expression condition, Block body) in branches)
        {
            if (condition.Evaluate(rendering).IsTrue)
                return body.Execute(rendering);
        }
        return otherwise?.Execute(rendering) ?? Flow.Next;
    }
}

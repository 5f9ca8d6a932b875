using Sluice.Models.Templates.Expressions;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Statements;

/// <summary>`{% with a = x, b = y %}`: names for the block alone; the values are evaluated outside of it.</summary>
internal sealed class WithStatement((Target Target, Expression Value)[] assignments, Block body) : Statement
{
    public override Flow Execute(Rendering rendering)
    {
        Value[] values = [.. assignments.Select(assignment => assignment.Value.Evaluate(rendering))];
        Scope? outer = rendering.Scope;
        rendering.Scope = new Scope(outer);
        for (int i = 0; i < values.Length; i++)
            assignments[i].Target.Assign(values[i], rendering);
        Flow flow = body.Execute(rendering);
        rendering.Scope = outer;
        return flow;
    }
}

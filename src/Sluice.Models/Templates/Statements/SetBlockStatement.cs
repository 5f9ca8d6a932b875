using Sluice.Models.Templates.Expressions;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Statements;

/// <summary>`{% set target | filters %}…{% endset %}`: the text of the block.</summary>
internal sealed class SetBlockStatement(Target target, Link[] filters, Block body) : Statement
{
    public override Flow Execute(Rendering rendering)
    {
        Flow flow = body.Capture(new Scope(rendering.Scope), rendering, out string text);
        if (flow != Flow.Next)
            return flow;
        Value value = new StringValue(text);
        foreach (Link filter in filters)
            value = filter.Apply(value, rendering);
        target.Assign(value, rendering);
        return Flow.Next;
    }
}

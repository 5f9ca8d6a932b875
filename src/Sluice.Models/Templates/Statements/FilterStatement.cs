using Sluice.Models.Templates.Expressions;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Statements;

/// <summary>`{% filter name %}…{% endfilter %}`: prints the text of the block, filtered.</summary>
internal sealed class FilterStatement(Link[] filters, Block body) : Statement
{
    public override Flow Execute(Rendering rendering)
    {
        Flow flow = body.Capture(new Scope(rendering.Scope), rendering, out string text);
        if (flow != Flow.Next)
            return flow;
        Value value = new StringValue(text);
        foreach (Link filter in filters)
            value = filter.Apply(value, rendering);
        value.Write(rendering.Output);
        return Flow.Next;
    }
}

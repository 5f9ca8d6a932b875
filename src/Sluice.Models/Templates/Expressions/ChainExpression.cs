using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>A value and what is done to it from left to right: `messages[0].content | trim is string`.</summary>
internal sealed class ChainExpression(Expression start, Link[] links) : Expression
{
    public Expression Start { get; } = start;

    public Link[] Links { get; } = links;

    public override Value Evaluate(Rendering rendering)
    {
        Value value = Start.Evaluate(rendering);
        rendering.Meter.Step(Links.Length);
        foreach (Link link in Links)
            value = link.Apply(value, rendering);
        return value;
    }
}

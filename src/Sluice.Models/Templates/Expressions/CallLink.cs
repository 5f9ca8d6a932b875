using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>`(…)`.</summary>
internal sealed class CallLink(ArgumentList arguments, int offset) : Link
{
    public ArgumentList Arguments { get; } = arguments;

    public int Offset { get; } = offset;

    public override Value Apply(Value value, Rendering rendering)
    {
        var given = Arguments.Evaluate(rendering);
        rendering.At = Offset;
        return value.Call(rendering, given);
    }
}

namespace Sluice.Models.Grammars.Schemas;

/// <summary>A schema with unevaluatedProperties or unevaluatedItems: it must know what the other keywords in it evaluated.</summary>
/// <param name="parent">The scope around it, which hears of the same.</param>
/// <param name="exact">Whether it matters which of several schemas hold, not only that they may.</param>
internal sealed class EvaluationScope(EvaluationScope? parent, bool exact)
{
    public EvaluationScope? Parent { get; } = parent;

    public bool Exact { get; } = exact || parent is { Exact: true };

    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;
}

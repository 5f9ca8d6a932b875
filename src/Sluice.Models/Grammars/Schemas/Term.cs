namespace Sluice.Models.Grammars.Schemas;

/// <summary>A part of what is asked of a value, before it is taken apart.</summary>
internal abstract record Term
{
    /// <param name="Scope">Who hears of what the schema evaluates; null for nobody.</param>
    internal sealed record Holds(Literal Literal, EvaluationScope? Scope) : Term;

    /// <summary>Something that can be noted down at once.</summary>
    internal sealed record Fact(Action<Clause> Apply) : Term;

    /// <summary>One of these, each of which is all of its terms.</summary>
    internal sealed record Choice(IReadOnlyList<IReadOnlyList<Term>> Options) : Term;
}

namespace Sluice.Models.Grammars.Schemas;

/// <summary>
/// What a schema's keywords come to: for a schema that must hold, terms that must all hold; for one that must not, ways to break it.
/// </summary>
/// <param name="positive">Which of the two.</param>
internal sealed class TermList(bool positive)
{
    private readonly List<Term> _terms = [];
    private readonly List<IReadOnlyList<Term>> _breaks = [];

    public bool Positive { get; } = positive;

    /// <summary>The whole, as terms that must all hold.</summary>
    public IReadOnlyList<Term> Terms => Positive ? _terms : [new Term.Choice(_breaks)];

    public void Add(Term term) => _terms.Add(term);

    /// <summary>Adds one more way to break the schema.</summary>
    public void Break(params IReadOnlyList<Term> terms) => _breaks.Add(terms);

    public void Add(Action<Clause> fact) => _terms.Add(new Term.Fact(fact));

    public void Break(Action<Clause> fact) => _breaks.Add([new Term.Fact(fact)]);

    public void Holds(Schema schema, EvaluationScope? scope) => _terms.Add(new Term.Holds(new Literal(schema, true), scope));

    public void BreakBy(Schema schema) => _breaks.Add([Not(schema)]);

    public static Term Not(Schema schema) => new Term.Holds(new Literal(schema, false), null);

    public static Term Is(Schema schema, EvaluationScope? scope) => new Term.Holds(new Literal(schema, true), scope);

    public static Term Fact(Action<Clause> fact) => new Term.Fact(fact);
}

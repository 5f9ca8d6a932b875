using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>Takes what is asked of a value apart into the ways to satisfy it, each a clause of plain facts.</summary>
/// <param name="budget">What is left of the work that one schema may make.</param>
internal sealed class ClauseExpander(SchemaTable table, SchemaTerms terms, CharDfa numbers, WorkBudget budget)
{
    private const int MaxClauses = 4000;

    private readonly List<Clause> _clauses = [];

    /// <exception cref="GrammarException">There are too many ways.</exception>
    public List<Clause> Expand(Goal goal)
    {
        Expand(new Clause(numbers), new Stack<Term>(goal.Literals.Select(literal => new Term.Holds(literal, null))), []);
        return _clauses;
    }

    /// <param name="todo">What is still to be taken apart.</param>
    /// <param name="choices">What is left for when the clause knows all that is certain.</param>
    private void Expand(Clause clause, Stack<Term> todo, List<Term.Choice> choices)
    {
        while (todo.TryPop(out var term))
        {
            budget.Spend();
            switch (term)
            {
                case Term.Fact fact:
                    fact.Apply(clause);
                    if (clause.IsEmpty)
                        return;
                    break;
                case Term.Holds holds when clause.Seen.Contains((holds.Literal.Negated, null)) ||
                    clause.Seen.Contains((holds.Literal.Negated, holds.Scope)):
                    return;
                case Term.Holds holds:
                    if (clause.Seen.Add((holds.Literal, holds.Scope)))
                    {
                        foreach (var part in terms.Of(holds.Literal, holds.Scope))
                            todo.Push(part);
                    }
                    break;
                case Term.Choice { Options: [] }:
                    return;
                case Term.Choice choice:
                    choices.Add(choice);
                    break;
            }
        }
        if (choices.Count == 0)
        {
            Finish(clause);
            return;
        }
        // The narrowest first: it rules out most before the others multiply.
        int next = 0;
        for (int i = 1; i < choices.Count; i++)
            next = choices[i].Options.Count < choices[next].Options.Count ? i : next;
        var chosen = choices[next];
        choices.RemoveAt(next);
        foreach (var option in chosen.Options)
            Expand(clause.Clone(), new Stack<Term>(option), [.. choices]);
    }

    private void Finish(Clause clause)
    {
        if (_clauses.Count == MaxClauses)
            throw WorkBudget.Exceeded();
        clause.Settle(table);
        if (!clause.IsEmpty)
            _clauses.Add(clause);
    }
}

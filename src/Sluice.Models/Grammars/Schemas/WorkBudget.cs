namespace Sluice.Models.Grammars.Schemas;

/// <summary>How much one schema may make its compiler do: schemas come from clients, and some combine without end.</summary>
internal sealed class WorkBudget
{
    private const int Most = 300_000;

    private int _left = Most;

    /// <summary>Takes one step's worth.</summary>
    public void Spend()
    {
        if (--_left < 0)
            throw Exceeded();
    }

    public static GrammarException Exceeded() =>
        new("schema: its parts combine in too many ways: use fewer of anyOf, oneOf, not and if");
}

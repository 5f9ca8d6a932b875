namespace Sluice.Models.Grammars.Schemas;

/// <summary>One way for a value to be an array.</summary>
internal sealed class ArrayShape
{
    public const int MaxValues = 128;

    private readonly List<ItemRule> _rules;

    public ArrayShape(Clause clause)
    {
        _rules = clause.Items;
        Counts = [.. clause.Counts.Where(count => count.Least > 0 || count.Most is not null)];
        (Least, Most, Unique) = (clause.MinItems, clause.MaxItems, clause.Unique);
        Distinct = _rules.Select(rule => rule.From).Concat(_rules.Select(rule => rule.Until)).Concat(Counts.Select(count => count.From))
            .Where(index => index != int.MaxValue).DefaultIfEmpty(0).Max();
    }

    public int Least { get; }

    public int? Most { get; }

    public bool Unique { get; }

    public IReadOnlyList<ItemCount> Counts { get; }

    /// <summary>From this index on all items are alike.</summary>
    public int Distinct { get; }

    /// <summary>What every item at an index must satisfy.</summary>
    public List<Literal> At(int index) =>
        [.. _rules.Where(rule => rule.From <= index && index < rule.Until).Select(rule => rule.Literal)];

    /// <summary>What single items must satisfy, those that are counted among them.</summary>
    public IEnumerable<IEnumerable<Literal>> Parts
    {
        get
        {
            for (int i = 0; i <= Distinct; i++)
            {
                yield return At(i);
                foreach (var count in Counts)
                    yield return [.. At(i), count.Literal];
            }
        }
    }

    /// <summary>Whether some array has it.</summary>
    /// <param name="inhabited">Whether some value satisfies all of these.</param>
    public bool IsInhabited(Func<IEnumerable<Literal>, bool> inhabited)
    {
        int most = Most ?? int.MaxValue;
        for (int i = 0; i <= Distinct && i < most; i++)
        {
            if (!inhabited(At(i)))
                most = i;
        }
        if (Least > most)
            return false;
        foreach (var count in Counts)
        {
            if (count.Least == 0)
                continue;
            bool some = false;
            for (int i = count.From; i <= Math.Max(Distinct, count.From) && i < most && !some; i++)
                some = inhabited([.. At(i), count.Literal]);
            if (!some || count.Least > (long)most - count.From)
                return false;
        }
        return true;
    }
}

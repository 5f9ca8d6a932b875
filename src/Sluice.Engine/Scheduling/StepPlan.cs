namespace Sluice.Engine.Scheduling;

/// <summary>What the next step computes: for each sequence, how many of its tokens. Plain data, reused from step to step.</summary>
internal sealed class StepPlan
{
    private readonly List<PlannedSequence> _entries = [];
    private int _deliveries;

    public IReadOnlyList<PlannedSequence> Entries => _entries;

    public int Tokens { get; private set; }

    /// <summary>Those of them that are not decodes.</summary>
    public int PromptTokens { get; private set; }

    /// <summary>Whether somebody gets something from this step: a token, an embedding.</summary>
    public bool Delivers => _deliveries > 0;

    public void Clear()
    {
        _entries.Clear();
        Tokens = 0;
        PromptTokens = 0;
        _deliveries = 0;
    }

    public void Add(Sequence sequence, int tokens)
    {
        var planned = new PlannedSequence(sequence, tokens);
        _entries.Add(planned);
        Count(planned, 1);
    }

    /// <summary>Adds some of a decode's draft to what is computed of it.</summary>
    public void Extend(int entry, int drafted)
    {
        var planned = _entries[entry];
        _entries[entry] = planned with { Tokens = planned.Tokens + drafted, Drafted = drafted };
        Tokens += drafted;
    }

    public void Remove(Sequence sequence)
    {
        for (int i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Sequence != sequence)
                continue;
            Count(_entries[i], -1);
            _entries.RemoveAt(i);
            return;
        }
    }

    private void Count(PlannedSequence planned, int sign)
    {
        Tokens += sign * planned.Tokens;
        PromptTokens += planned.Decodes ? 0 : sign * planned.Tokens;
        _deliveries += planned.Completes ? sign : 0;
    }
}

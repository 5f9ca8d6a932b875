namespace Sluice.Engine.Scheduling;

/// <summary>What the next step computes: for each sequence, how many of its pending tokens. Plain data, reused from step to step.</summary>
internal sealed class StepPlan
{
    private readonly List<PlannedSequence> _entries = [];

    public IReadOnlyList<PlannedSequence> Entries => _entries;

    public int Tokens { get; private set; }

    public void Clear()
    {
        _entries.Clear();
        Tokens = 0;
    }

    public void Add(Sequence sequence, int tokens)
    {
        _entries.Add(new PlannedSequence(sequence, tokens));
        Tokens += tokens;
    }

    public void Remove(Sequence sequence)
    {
        for (int i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Sequence != sequence)
                continue;
            Tokens -= _entries[i].Tokens;
            _entries.RemoveAt(i);
            return;
        }
    }
}

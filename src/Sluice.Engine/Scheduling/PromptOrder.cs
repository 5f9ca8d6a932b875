namespace Sluice.Engine.Scheduling;

/// <summary>
/// In which order unfinished prompts get at a step's tokens: the shortest rest first, so that a short prompt does not wait for a long one;
/// but who was passed over too often comes before, so that a long one comes forward however many short ones arrive.
/// </summary>
internal sealed class PromptOrder
{
    /// <summary>
    /// Steps that a prompt may be passed over. It then waits for those before it in the same case, at most one step each.
    /// </summary>
    public const int Patience = 4;

    private readonly List<Sequence> _prompts = [];

    /// <summary>The unfinished prompts among <paramref name="running"/>; valid until the next call.</summary>
    public List<Sequence> Of(List<Sequence> running)
    {
        _prompts.Clear();
        foreach (var sequence in running)
        {
            if (!sequence.Decodes)
                _prompts.Add(sequence);
        }
        _prompts.Sort(Compare);
        return _prompts;
    }

    private static int Compare(Sequence x, Sequence y)
    {
        int xOverdue = Math.Max(Patience - 1, x.PassedOver), yOverdue = Math.Max(Patience - 1, y.PassedOver);
        return xOverdue != yOverdue ? yOverdue.CompareTo(xOverdue)
            : x.Pending != y.Pending ? x.Pending.CompareTo(y.Pending)
            : x.Turn.CompareTo(y.Turn);
    }
}

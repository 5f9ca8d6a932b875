namespace Sluice.Engine.Labels;

/// <summary>
/// Where in the tree of labels a sequence is. It goes to a leaf, then back to the nodes it has left aside, until it has none; others of the
/// same request may take some of them off it. For the engine's thread.
/// </summary>
internal sealed class LabelPath(LabelScorer scorer, int node)
{
    private readonly Stack<int> _aside = [];

    public LabelScorer Scorer => scorer;

    /// <summary>The node whose logits are wanted next.</summary>
    public int Node { get; private set; } = node;

    public void LeaveAside(int other) => _aside.Push(other);

    /// <summary>Goes on to a child, from a leaf to what was left aside; false where there is nothing left.</summary>
    public bool TryGoOn()
    {
        bool goes = scorer.Tree.ChildrenOf(Node) is [var first, ..] || _aside.TryPop(out first);
        if (goes)
            Node = first;
        return goes;
    }
}

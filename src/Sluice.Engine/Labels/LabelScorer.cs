using Sluice.Core.Errors;

namespace Sluice.Engine.Labels;

/// <summary>
/// Collects the logits behind every node of a tree of labels and makes the labels' log-probabilities of them: the sum of those of its
/// tokens, and that of ending there. In double precision; what is added up does not depend on who computed which node when. For the
/// engine's thread; <see cref="Logprobs"/> for the reader once all is seen.
/// </summary>
internal sealed class LabelScorer(LabelTree tree, IReadOnlySet<int> endTokens, int vocabulary)
{
    private readonly double[] _reached = new double[tree.Count]; // how likely the path to each node is
    private readonly int[] _ends = [.. endTokens.Where(token => token >= 0 && token < vocabulary)];
    private int _unseen = tree.Count;
    private int _branches;

    public LabelTree Tree => tree;

    /// <summary>One for each label.</summary>
    public double[] Logprobs { get; } = new double[tree.LabelCount];

    /// <summary>Working memory for the path to a node.</summary>
    public int[] Path { get; } = new int[tree.Depth];

    /// <summary>Whether every node has been seen.</summary>
    public bool Complete => _unseen == 0;

    /// <summary>Tells branches of the request apart: 1, 2, …</summary>
    public int NextBranch() => ++_branches;

    /// <summary>Takes the logits behind a node; each node once, its parent before it.</summary>
    /// <exception cref="SluiceException">They are not finite.</exception>
    public void See(int node, ReadOnlySpan<float> logits)
    {
        float max = float.NegativeInfinity;
        foreach (float logit in logits)
            max = Math.Max(max, logit); // NaN where one of them is
        if (!float.IsFinite(max))
            throw new SluiceException("the model gave logits that are not finite after the labels' prompt; its weights are damaged");
        double sum = 0;
        foreach (float logit in logits)
            sum += Math.Exp(logit - max);
        double total = max + Math.Log(sum);
        foreach (int child in tree.ChildrenOf(node))
            _reached[child] = _reached[node] + logits[tree.TokenOf(child)] - total;
        if (tree.LabelsAt(node) is { Count: > 0 } labels)
        {
            double ending = Ending(logits, total);
            foreach (int label in labels)
                Logprobs[label] = _reached[node] + ending;
        }
        _unseen--;
    }

    /// <summary>How likely an end is; certain where the model knows none.</summary>
    private double Ending(ReadOnlySpan<float> logits, double total)
    {
        if (_ends.Length == 0)
            return 0;
        double max = double.NegativeInfinity, sum = 0;
        foreach (int end in _ends)
            max = Math.Max(max, logits[end]);
        foreach (int end in _ends)
            sum += Math.Exp(logits[end] - max);
        return max + Math.Log(sum) - total;
    }
}

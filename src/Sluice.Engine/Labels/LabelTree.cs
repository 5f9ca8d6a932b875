using Sluice.Core.Errors;

namespace Sluice.Engine.Labels;

/// <summary>
/// Labels as a tree of tokens: what several begin with in common is there once. Node 0 is the end of the prompt; every other node is one
/// token after its parent.
/// </summary>
internal sealed class LabelTree
{
    private readonly List<Node> _nodes = [new Node(-1, -1, 0)];

    /// <exception cref="SluiceException">There is no label, one has no tokens, or one has a token outside the vocabulary.</exception>
    public LabelTree(IReadOnlyList<int[]> labels, int vocabulary)
    {
        if (labels.Count == 0)
            throw new SluiceException("there are no labels to score");
        for (int label = 0; label < labels.Count; label++)
        {
            if (labels[label].Length == 0)
                throw new SluiceException($"label {label} has no tokens");
            int node = 0;
            foreach (int token in labels[label])
            {
                if ((uint)token >= (uint)vocabulary)
                    throw new SluiceException($"token id {token} of label {label} is outside the model's vocabulary of {vocabulary}");
                node = Follow(node, token);
            }
            _nodes[node].Labels.Add(label);
            Depth = Math.Max(Depth, labels[label].Length);
        }
        LabelCount = labels.Count;
    }

    /// <summary>Nodes, the prompt's end included.</summary>
    public int Count => _nodes.Count;

    public int LabelCount { get; }

    /// <summary>Tokens of the longest label.</summary>
    public int Depth { get; }

    public int DepthOf(int node) => _nodes[node].Depth;

    public int TokenOf(int node) => _nodes[node].Token;

    public IReadOnlyList<int> ChildrenOf(int node) => _nodes[node].Children;

    /// <summary>The labels that end at a node.</summary>
    public IReadOnlyList<int> LabelsAt(int node) => _nodes[node].Labels;

    /// <summary>Writes the tokens that lead from the prompt's end to a node, which are as many as its depth.</summary>
    public void CopyPath(int node, Span<int> tokens)
    {
        for (; node > 0; node = _nodes[node].Parent)
            tokens[_nodes[node].Depth - 1] = _nodes[node].Token;
    }

    private int Follow(int node, int token)
    {
        foreach (int child in _nodes[node].Children)
        {
            if (_nodes[child].Token == token)
                return child;
        }
        _nodes[node].Children.Add(_nodes.Count);
        _nodes.Add(new Node(token, node, _nodes[node].Depth + 1));
        return _nodes.Count - 1;
    }

    private sealed record Node(int Token, int Parent, int Depth)
    {
        public List<int> Children { get; } = [];

        public List<int> Labels { get; } = [];
    }
}

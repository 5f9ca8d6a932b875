namespace Sluice.Models.Grammars.Automata;

/// <summary>A node whose edges are given; they may be given after it has been pointed to.</summary>
internal sealed class StaticNode(params Edge[] edges) : Node
{
    /// <summary>To be set before anybody asks.</summary>
    public Edge[] Given { get; set; } = edges;

    protected override Edge[] Expand() => Given;
}

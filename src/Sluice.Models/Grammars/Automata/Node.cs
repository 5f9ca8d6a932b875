namespace Sluice.Models.Grammars.Automata;

/// <summary>
/// A state of a grammar's recursive automaton. What leads on from it is worked out when somebody first asks. Nodes that mean the same are
/// to be the same object, for by that positions are told apart.
/// </summary>
internal abstract class Node
{
    /// <summary>Where what was called is at its end.</summary>
    public static readonly Node Return = new End();

    private Edge[]? _edges;

    public ReadOnlySpan<Edge> Edges => _edges ??= Expand();

    protected abstract Edge[] Expand();

    private sealed class End : Node
    {
        protected override Edge[] Expand() => [];
    }
}

namespace Sluice.Models.Grammars.Automata;

/// <summary>What is to come back to: a stack, shared from below. Equal stacks are one object, as far as the automaton remembers.</summary>
internal sealed class Frame(Node node, Frame? below)
{
    public Node Node { get; } = node;

    public Frame? Below { get; } = below;

    public int Depth { get; } = below is null ? 1 : below.Depth + 1;
}

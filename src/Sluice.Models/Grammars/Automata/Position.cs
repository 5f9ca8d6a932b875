namespace Sluice.Models.Grammars.Automata;

/// <summary>All ways to understand a text so far. What a byte leads to is remembered in it.</summary>
internal sealed class Position(Reading[] readings, bool complete)
{
    public Reading[] Readings { get; } = readings;

    /// <summary>Whether the text may end here.</summary>
    public bool Complete { get; } = complete;

    /// <summary>The positions behind a byte, null for none; filled by <see cref="PushdownAutomaton"/>.</summary>
    public Dictionary<byte, Position?>? Next { get; set; }
}

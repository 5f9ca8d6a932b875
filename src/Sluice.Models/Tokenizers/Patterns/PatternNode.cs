namespace Sluice.Models.Tokenizers.Patterns;

/// <summary>A part of a parsed regular expression.</summary>
internal abstract record PatternNode
{
    /// <summary>One code point of a set.</summary>
    internal sealed record One(RuneSet Set) : PatternNode;

    internal sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode;

    /// <summary>Ordered choice: the first that leads to a match wins.</summary>
    internal sealed record Choice(IReadOnlyList<PatternNode> Options) : PatternNode;

    /// <param name="Most">Highest count, or -1 for no limit.</param>
    internal sealed record Repeat(PatternNode Body, int Least, int Most, PatternGreed Greed) : PatternNode;

    internal sealed record Look(PatternNode Body, bool Behind, bool Negative) : PatternNode;

    internal sealed record At(PatternPlace Place) : PatternNode;

    public static readonly PatternNode Nothing = new Sequence([]);

    /// <summary>Whether the node can match without consuming anything.</summary>
    public bool IsNullable => this switch
    {
        One => false,
        Sequence sequence => sequence.Parts.All(part => part.IsNullable),
        Choice choice => choice.Options.Any(option => option.IsNullable),
        Repeat repeat => repeat.Least == 0 || repeat.Body.IsNullable,
        _ => true,
    };
}

namespace Sluice.Models.Grammars.Chars;

/// <summary>A part of a regular expression or of a grammar's rule.</summary>
internal abstract record CharNode
{
    public static readonly CharNode Empty = new Sequence([]);

    /// <summary>One code point out of ranges that rise and are apart.</summary>
    internal sealed record One(IReadOnlyList<(int First, int Last)> Ranges) : CharNode;

    internal sealed record Sequence(IReadOnlyList<CharNode> Parts) : CharNode;

    internal sealed record Choice(IReadOnlyList<CharNode> Options) : CharNode;

    /// <param name="Most">Null for no limit.</param>
    internal sealed record Repeat(CharNode Body, int Least, int? Most) : CharNode;

    /// <summary>The start of the text, or its end.</summary>
    internal sealed record Edge(bool AtEnd) : CharNode;

    /// <summary>A rule of the grammar.</summary>
    internal sealed record Rule(string Name) : CharNode;

    public static CharNode Text(string text) =>
        new Sequence([.. text.EnumerateRunes().Select(rune => new One([(rune.Value, rune.Value)]))]);
}

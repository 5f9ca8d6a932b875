namespace Sluice.Models.Tokenizers.Encoders;

/// <summary>Says which neighbouring symbols may become one, and in which order. A struct, so that each rule gets code of its own.</summary>
internal interface IMergeRule
{
    /// <summary>Rank of a pair that does not merge.</summary>
    const int Never = int.MaxValue;

    /// <summary>The rank at which two neighbours merge, the lowest first, or <see cref="Never"/>.</summary>
    /// <param name="left">Id of the left symbol; below zero for a character the vocabulary lacks.</param>
    /// <param name="right">Id of the right symbol, likewise.</param>
    /// <param name="both">The text of both.</param>
    /// <param name="merged">Id of what they become.</param>
    int Rank(int left, int right, ReadOnlySpan<byte> both, out int merged);
}

namespace Sluice.Models.Tokenizers.PreTokenizers;

/// <summary>What becomes of the places where a pattern matches.</summary>
internal enum SplitBehavior
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,

    /// <summary>Neighbouring matches become one piece, and so does what lies between.</summary>
    Contiguous,
}

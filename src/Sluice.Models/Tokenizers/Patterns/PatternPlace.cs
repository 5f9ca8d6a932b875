namespace Sluice.Models.Tokenizers.Patterns;

/// <summary>Places in a text that a pattern can require.</summary>
internal enum PatternPlace
{
    LineStart,
    LineEnd,
    TextStart,
    TextEnd,
    TextEndOrLastLineFeed,
    WordEdge,
    NotWordEdge,
}

namespace Sluice.Models.Tokenizers.Patterns;

/// <summary>The code points from one to another, both included. A class, so that lists of it need no code of their own at start-up.</summary>
internal sealed record RuneRange(int First, int Last)
{
    public static implicit operator RuneRange((int First, int Last) ends) => new(ends.First, ends.Last);
}

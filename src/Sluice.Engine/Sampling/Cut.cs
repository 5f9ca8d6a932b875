namespace Sluice.Engine.Sampling;

/// <summary>
/// Where a list ordered by falling key ends: all above the key stay, and of those at it the ones with the lowest indices.
/// </summary>
/// <param name="Key">The key of the last that stays.</param>
/// <param name="Ties">How many with that key stay.</param>
internal readonly record struct Cut(float Key, int Ties)
{
    /// <summary>Of two cuts of one list the one that keeps more.</summary>
    public Cut OrLater(Cut other) => other.Key < Key || (other.Key == Key && other.Ties > Ties) ? other : this;
}

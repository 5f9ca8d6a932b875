using Sluice.Core.Errors;

namespace Sluice.Core.Steps;

/// <summary>
/// Which stored positions a token still attends to: all before it, or the first ones (attention sinks: Xiao et al. 2023) and the most
/// recent ones. Which they are depends on the token's absolute position alone, so chunks, neighbours and preemptions do not show.
/// </summary>
/// <param name="Sinks">Leading positions that every token sees; counts only beside a window.</param>
/// <param name="Window">Most recent positions that a token sees, itself included; 0 for all.</param>
public readonly record struct KvRetention(int Sinks, int Window)
{
    private const int Most = 1 << 30;

    /// <summary>Whether every token sees all before it.</summary>
    public bool KeepsAll => Window == 0;

    /// <exception cref="SluiceException">The numbers say nothing that can be kept.</exception>
    public void Validate()
    {
        if (Sinks is < 0 or > Most || Window is < 0 or > Most || (Window == 0 && Sinks > 0))
            throw new SluiceException(
                $"keeping {Sinks} sinks and a window of {Window} positions is not possible: " +
                $"a window of 1 to {Most}, sinks of 0 to {Most}, or neither");
    }

    /// <summary>
    /// Positions from <see cref="Sinks"/> up to this one are hidden from a token at <paramref name="position"/>; no fewer from later ones.
    /// </summary>
    public int HiddenEnd(int position) => Window == 0 ? Sinks : Math.Max(Sinks, position + 1 - Window);

    /// <summary>The blocks that nobody from <paramref name="position"/> on sees any part of: from First up to End.</summary>
    public (int First, int End) HiddenBlocks(int position, int blockTokens)
    {
        int first = (Sinks + blockTokens - 1) / blockTokens;
        return (first, Math.Max(first, HiddenEnd(position) / blockTokens));
    }

    /// <summary>Most blocks that a sequence needs at one time.</summary>
    /// <param name="tokens">Its length.</param>
    /// <param name="stepTokens">Most tokens that one step adds to it.</param>
    public int MostBlocks(int tokens, int stepTokens, int blockTokens)
    {
        int all = (tokens + blockTokens - 1) / blockTokens;
        if (KeepsAll)
            return all;
        // The blocks of the sinks, then those from the first position that a step's first token sees to its last
        // token, which begin and end anywhere.
        long kept = (Sinks + blockTokens - 1L) / blockTokens + ((long)Window + stepTokens + blockTokens - 2) / blockTokens + 1;
        return (int)Math.Min(all, kept);
    }
}

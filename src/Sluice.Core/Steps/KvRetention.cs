using Sluice.Core.Errors;

namespace Sluice.Core.Steps;

/// <summary>
/// Which stored positions a token still attends to: all before it, or the first ones (attention sinks: Xiao et al. 2023) and the most
/// recent ones, or beside these also those that attention fell on most (heavy hitters: Zhang et al. 2023, "H2O"). Without heavy ones it
/// depends on the token's absolute position alone which they are; those are chosen block by block at fixed positions
/// (<see cref="ChoiceTokens"/>), from what the tokens before saw. So chunks, neighbours and preemptions do not show.
/// </summary>
/// <param name="Sinks">Leading positions that every token sees; counts only beside a window.</param>
/// <param name="Window">Most recent positions that a token sees, itself included; 0 for all. Beside heavy ones it sees no fewer.</param>
/// <param name="Heavy">Positions between sinks and window that are kept for the attention they had; counts only beside a window.</param>
public readonly record struct KvRetention(int Sinks, int Window, int Heavy = 0)
{
    private const int Most = 1 << 30;

    /// <summary>About how many positions come between two choices of the blocks that are kept for their attention.</summary>
    private const int ChoiceInterval = 256;

    /// <summary>Whether every token sees all before it.</summary>
    public bool KeepsAll => Window == 0;

    /// <summary>Whether blocks are chosen by the attention they had.</summary>
    public bool ChoosesByAttention => Heavy > 0;

    /// <exception cref="SluiceException">The numbers say nothing that can be kept.</exception>
    public void Validate()
    {
        if (Sinks is < 0 or > Most || Window is < 0 or > Most || Heavy is < 0 or > Most || (Window == 0 && (Sinks > 0 || Heavy > 0)))
            throw new SluiceException(
                $"keeping {Sinks} sinks, {Heavy} heavy positions and a window of {Window} is not possible: " +
                $"a window of 1 to {Most}, sinks and heavy ones of 0 to {Most}, or none of them");
    }

    /// <summary>Positions from one choice of blocks to the next: whole blocks.</summary>
    public static int ChoiceTokens(int blockTokens) => Math.Max(1, ChoiceInterval / blockTokens) * blockTokens;

    /// <summary>Whether it counts what the token at a position attends to: one in a block is enough, the last.</summary>
    public bool Observes(int position, int blockTokens) => ChoosesByAttention && (position + 1) % blockTokens == 0;

    /// <summary>
    /// Positions from <see cref="Sinks"/> up to this one are hidden from a token at <paramref name="position"/>; no fewer from later ones.
    /// What was not chosen for its attention is not hidden but has left the tables.
    /// </summary>
    public int HiddenEnd(int position) => Window == 0 || ChoosesByAttention ? Sinks : Math.Max(Sinks, position + 1 - Window);

    /// <summary>The blocks that nobody from <paramref name="position"/> on sees any part of: from First up to End.</summary>
    public (int First, int End) HiddenBlocks(int position, int blockTokens)
    {
        int first = Blocks(Sinks, blockTokens);
        return (first, Math.Max(first, HiddenEnd(position) / blockTokens));
    }

    /// <summary>Blocks between those of the sinks and those of the window among which the heavy ones are chosen: from First up to End.</summary>
    /// <param name="stored">Whole blocks that a sequence has, where a choice is due.</param>
    /// <param name="most">How many of them stay.</param>
    public (int First, int End) ChosenBlocks(int stored, int blockTokens, out int most)
    {
        most = Blocks(Heavy, blockTokens);
        int first = Math.Min(stored, Blocks(Sinks, blockTokens));
        return (first, Math.Max(first, stored - Blocks(Window, blockTokens)));
    }

    /// <summary>Most blocks that a sequence needs at one time.</summary>
    /// <param name="tokens">Its length.</param>
    /// <param name="stepTokens">Most tokens that one step adds to it.</param>
    public int MostBlocks(int tokens, int stepTokens, int blockTokens)
    {
        int all = Blocks(tokens, blockTokens);
        if (KeepsAll)
            return all;
        // The blocks of the sinks, then those from the first position that a step's first token sees to its last
        // token, which begin and end anywhere. Where blocks are chosen, what is left of them and what comes until the next choice.
        long kept = ChoosesByAttention
            ? (long)Blocks(Sinks, blockTokens) + Blocks(Heavy, blockTokens) + Blocks(Window, blockTokens) + ChoiceTokens(blockTokens) / blockTokens
            : Blocks(Sinks, blockTokens) + ((long)Window + stepTokens + blockTokens - 2) / blockTokens + 1;
        return (int)Math.Min(all, kept);
    }

    private static int Blocks(int positions, int blockTokens) => (int)((positions + blockTokens - 1L) / blockTokens);
}

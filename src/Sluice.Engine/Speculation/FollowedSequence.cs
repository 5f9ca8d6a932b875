using Sluice.Engine.Kv;
using Sluice.Engine.Scheduling;

namespace Sluice.Engine.Speculation;

/// <summary>A sequence as a draft model knows it: its blocks there, and how much of them still is what the sequence says.</summary>
internal sealed class FollowedSequence
{
    private readonly int[] _guessed;
    private int _guessedFrom;
    private int _guesses;

    /// <param name="blocks">Most blocks of each KV group.</param>
    /// <param name="draftTokens">Most tokens guessed at once.</param>
    public FollowedSequence(int kvGroups, int blocks, int draftTokens)
    {
        Blocks = new BlockTable[kvGroups];
        for (int g = 0; g < kvGroups; g++)
            Blocks[g] = new BlockTable(blocks);
        _guessed = new int[draftTokens];
    }

    public BlockTable[] Blocks { get; }

    /// <summary>Leading tokens whose KV is stored, guesses among them until the next <see cref="Settle"/>.</summary>
    public int Computed { get; set; }

    public void Note(int token) => _guessed[_guesses++] = token;

    /// <summary>Goes back to the first guess that did not come true, and begins anew from the sequence's end.</summary>
    public void Settle(Sequence sequence)
    {
        int right = sequence.Tokens[_guessedFrom..].CommonPrefixLength(_guessed.AsSpan(0, _guesses));
        if (_guesses > 0)
            Computed = Math.Min(Computed, _guessedFrom + right);
        _guessedFrom = sequence.Length;
        _guesses = 0;
    }

    /// <summary>Takes blocks up to a number in every group; false where there are not as many.</summary>
    public bool TryGrow(int blocks, BlockPool[] pools)
    {
        for (int g = 0; g < pools.Length; g++)
        {
            while (Blocks[g].Count < blocks)
            {
                if (!pools[g].TryTake(out int block, out _))
                    return false;
                Blocks[g].Add(block);
            }
        }
        return true;
    }

    public void Free(BlockPool[] pools)
    {
        for (int g = 0; g < pools.Length; g++)
            Blocks[g].Clear(pools[g]);
    }
}

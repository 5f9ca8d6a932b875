using Sluice.Engine.Requests;

namespace Sluice.Engine.Kv;

/// <summary>The chained hashes of a sequence's whole blocks: the prompt's, made beforehand, then those that the answer fills.</summary>
/// <param name="blocks">Most blocks it can have.</param>
internal sealed class BlockHashes(Prompt prompt, int blocks)
{
    private readonly List<ulong> _beyondPrompt = new(blocks - prompt.BlockHashes.Length);

    /// <summary>Hash of block <paramref name="index"/>, which the sequence's tokens fill completely. Asked for in order.</summary>
    public ulong Of(int index, ReadOnlySpan<int> tokens, int blockTokens)
    {
        int known = prompt.BlockHashes.Length;
        if (index < known)
            return prompt.BlockHashes.Span[index];
        int beyond = index - known;
        if (beyond == _beyondPrompt.Count)
        {
            ulong previous = index == 0 ? BlockHash.Seed(prompt.CacheSalt) : Of(index - 1, tokens, blockTokens);
            // A block that the answer completes may begin with the prompt's embeddings; the prompt's tail hash keeps them apart.
            _beyondPrompt.Add(BlockHash.Next(previous ^ (beyond == 0 ? prompt.TailHash : 0), tokens.Slice(index * blockTokens, blockTokens)));
        }
        return _beyondPrompt[beyond];
    }
}

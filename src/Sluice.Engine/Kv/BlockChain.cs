using Sluice.Engine.Requests;

namespace Sluice.Engine.Kv;

/// <summary>
/// A sequence's whole blocks as the prefix cache knows them: their chained hashes, the prompt's made beforehand, then those that the answer
/// fills; and the node under which the last of them was published.
/// </summary>
internal sealed class BlockChain
{
    private readonly Prompt _prompt;
    private readonly ulong[] _hashes;
    private int _known;

    /// <param name="blocks">Most blocks it can have.</param>
    public BlockChain(Prompt prompt, int blocks)
    {
        _prompt = prompt;
        _hashes = new ulong[blocks];
        prompt.BlockHashes.Span.CopyTo(_hashes);
        _known = prompt.BlockHashes.Length;
    }

    /// <summary>Node of the last published block, which the chain holds; <see cref="PrefixIndex.None"/> at the beginning.</summary>
    public int End { get; set; } = PrefixIndex.None;

    /// <summary>Whether a block could not be published, after which none is.</summary>
    public bool Broken { get; set; }

    /// <summary>Hashes of the first <paramref name="blocks"/> blocks, which the sequence's tokens fill completely.</summary>
    public ReadOnlySpan<ulong> Hashes(int blocks, ReadOnlySpan<int> tokens, int blockTokens)
    {
        for (; _known < blocks; _known++)
        {
            ulong previous = _known == 0 ? _prompt.Root.Seed() : _hashes[_known - 1];
            // A block that the answer completes may begin with the prompt's embeddings; the prompt's tail hash keeps them apart.
            ulong tail = _known == _prompt.BlockHashes.Length ? _prompt.TailHash : 0;
            _hashes[_known] = BlockHash.Next(previous ^ tail, tokens.Slice(_known * blockTokens, blockTokens));
        }
        return _hashes.AsSpan(0, blocks);
    }
}

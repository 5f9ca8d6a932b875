using Sluice.Core.Errors;
using Sluice.Core.Steps;
using Sluice.Engine.Adapters;
using Sluice.Engine.Kv;

namespace Sluice.Engine.Requests;

/// <summary>
/// A checked prompt: one entry per position, and the chained hash of every whole block, by which equal prefixes are found. Made once, on
/// the caller's thread; routing, admission and the engine read it.
/// </summary>
public sealed class Prompt
{
    /// <summary>Stands in for the id at positions whose embedding is given.</summary>
    internal const int EmbeddedPosition = -1;

    private Prompt(int[] ids, IReadOnlyList<(int Position, ReadOnlyMemory<float> Values)> embedded, ulong[] blockHashes, ulong tailHash,
        PrefixRoot root)
    {
        Ids = ids;
        Embedded = embedded;
        BlockHashes = blockHashes;
        TailHash = tailHash;
        Root = root;
    }

    public int Length => Ids.Length;

    /// <summary>Hash of each whole block of <see cref="EngineOptions.BlockTokens"/> positions, chained from the first.</summary>
    public ReadOnlyMemory<ulong> BlockHashes { get; }

    /// <summary>The first token's id; -1 where an embedding is given there.</summary>
    public int FirstToken => Ids[0];

    /// <summary>Ids of the last tokens, at most <paramref name="most"/>; -1 where an embedding is given.</summary>
    public ReadOnlySpan<int> LastTokens(int most) => Ids.AsSpan(Math.Max(0, Ids.Length - most));

    internal int[] Ids { get; }

    internal IReadOnlyList<(int Position, ReadOnlyMemory<float> Values)> Embedded { get; }

    /// <summary>Hash of all given embeddings; 0 where there are none.</summary>
    internal ulong TailHash { get; }

    /// <summary>Which positions its tokens and those of its answer see.</summary>
    public KvRetention Retention => Root.Retention;

    /// <summary>Through which adapter its tokens and those of its answer go; null for none.</summary>
    internal EngineAdapter? Adapter => Root.Adapter;

    /// <summary>What the chain of hashes starts from.</summary>
    internal PrefixRoot Root { get; }

    /// <summary>Leading positions that are the same in both: whole blocks by their hashes, and tokens behind them.</summary>
    internal int Shared(Prompt other, int blockTokens)
    {
        if (Root != other.Root)
            return 0;
        int blocks = BlockHashes.Span.CommonPrefixLength(other.BlockHashes.Span) * blockTokens;
        int tokens = Ids.AsSpan(blocks).CommonPrefixLength(other.Ids.AsSpan(blocks));
        int embedded = Ids.AsSpan(blocks, tokens).IndexOf(EmbeddedPosition);
        return blocks + (embedded < 0 ? tokens : embedded);
    }

    /// <param name="segments">In order of position.</param>
    /// <param name="vocabulary">Ids must be below it.</param>
    /// <param name="dim">Width of an embedding row.</param>
    /// <param name="blockTokens">Positions per KV block.</param>
    /// <param name="root">Prompts of different roots never share blocks.</param>
    /// <exception cref="SluiceException">An id is outside the vocabulary, or embeddings are not whole rows.</exception>
    internal static Prompt Create(IReadOnlyList<PromptSegment> segments, int vocabulary, int dim, int blockTokens, PrefixRoot root)
    {
        int length = 0;
        foreach (var segment in segments)
            length += segment is PromptSegment.Embeddings e ? Rows(e, dim) : ((PromptSegment.Tokens)segment).Ids.Length;
        var ids = new int[length];
        var embedded = new List<(int Position, ReadOnlyMemory<float> Values)>();
        int at = 0;
        foreach (var segment in segments)
        {
            if (segment is PromptSegment.Embeddings e)
            {
                embedded.Add((at, e.Values));
                ids.AsSpan(at, Rows(e, dim)).Fill(EmbeddedPosition);
                at += Rows(e, dim);
                continue;
            }
            var tokens = ((PromptSegment.Tokens)segment).Ids.Span;
            foreach (int id in tokens)
            {
                if ((uint)id >= (uint)vocabulary)
                    throw new SluiceException($"token id {id} is outside the model's vocabulary of {vocabulary}");
            }
            tokens.CopyTo(ids.AsSpan(at));
            at += tokens.Length;
        }
        var hashes = new ulong[length / blockTokens];
        ulong hash = root.Seed();
        for (int b = 0; b < hashes.Length; b++)
        {
            int first = b * blockTokens;
            hash = BlockHash.Next(hash, ids.AsSpan(first, blockTokens));
            foreach (var (position, values) in embedded)
            {
                int from = Math.Max(first, position), to = Math.Min(first + blockTokens, position + values.Length / dim);
                if (from < to)
                    hash = BlockHash.Next(hash, values.Span[((from - position) * dim)..((to - position) * dim)]);
            }
            hashes[b] = hash;
        }
        ulong tail = embedded.Count == 0 ? 0 : embedded.Aggregate(0UL, (h, e) => BlockHash.Next(h, e.Values.Span));
        return new Prompt(ids, embedded, hashes, tail, root);
    }

    private static int Rows(PromptSegment.Embeddings segment, int dim) =>
        segment.Values.Length % dim == 0
            ? segment.Values.Length / dim
            : throw new SluiceException($"embeddings of {segment.Values.Length} values are not whole rows of {dim}");
}

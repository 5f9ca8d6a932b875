using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Core.Memory;
using Sluice.Models.Architectures;

namespace Sluice.Engine.Kv;

/// <summary>How many KV blocks an engine takes: enough for all sequences at full context, or as many as it may.</summary>
/// <param name="Groups">The model's KV groups with block size and type.</param>
/// <param name="Blocks">Blocks of each group.</param>
/// <param name="ContextTokens">Most positions of one sequence; these blocks hold as many, if it keeps what the
/// engine's options say.</param>
/// <param name="Tokens">Positions that all sequences together can have computed without any having to give way.</param>
/// <param name="Bytes">What the blocks take.</param>
internal sealed record KvCapacity(KvGroupSpec[] Groups, int[] Blocks, int ContextTokens, long Tokens, long Bytes)
{
    private const double MiB = 1 << 20;

    /// <summary>
    /// Most prefixes, in blocks, that the prefix cache may know: twice what all sequences at full context go through,
    /// and what the second tier holds.
    /// </summary>
    public required int MostPrefixes { get; init; }

    /// <param name="memory">The device's, of which a plan takes at most half of what is free: activations and further
    /// models need some too.</param>
    /// <exception cref="MemoryExceededException">One sequence at full context does not fit.</exception>
    /// <exception cref="SluiceException">The backend does not store KV in the type.</exception>
    public static KvCapacity For(ILanguageModel model, IAttentionOps attention, MemoryBudget memory, EngineOptions options)
    {
        var groups = model.KvGroups.Select(g => g.Spec(options.KvType, options.BlockTokens)).ToArray();
        int context = options.BeyondTraining ? options.ContextTokens : Math.Min(options.ContextTokens, model.Config.ContextLength);
        var perSequence = groups.Select(g => g.Retention(options.Retention).MostBlocks(context, options.StepTokens, options.BlockTokens))
            .ToArray();
        var bytes = groups.Select(attention.BlockBytes).ToArray();
        long allowed = options.KvBytes > 0 ? options.KvBytes : memory.FreeBytes / 2;

        long contextBlocks = (context + options.BlockTokens - 1) / options.BlockTokens;
        long blocks = MostWithin(allowed, Math.Min(int.MaxValue, contextBlocks * options.MaxSequences), BytesOf);
        if (blocks < contextBlocks)
        {
            throw new MemoryExceededException(
                $"a context of {context} tokens needs {BytesOf(contextBlocks) / MiB:F1} MiB of KV in {options.KvType}, " +
                $"but KV may take {allowed / MiB:F1} MiB" +
                $"{(options.KvBytes > 0 ? "" : " here")}: allow it more, " +
                $"take a context of at most {blocks * options.BlockTokens} tokens or a smaller KV type");
        }
        return new KvCapacity(
            groups, [.. groups.Select((_, g) => (int)BlocksOf(g, blocks))], context, blocks * options.BlockTokens, BytesOf(blocks))
        {
            MostPrefixes = (int)Math.Min(
                int.MaxValue / options.BlockTokens,
                2 * contextBlocks * options.MaxSequences + (options.KvCacheFolder is null ? 0 : options.KvCacheBytes / bytes.Sum())),
        };

        // Of a group that keeps a part only, no more than all sequences need at one time.
        long BlocksOf(int group, long computed) => Math.Min(computed, (long)perSequence[group] * options.MaxSequences);

        long BytesOf(long computed)
        {
            long sum = 0;
            for (int g = 0; g < groups.Length; g++)
                sum += BlocksOf(g, computed) * bytes[g];
            return sum;
        }
    }

    /// <summary>The greatest number up to <paramref name="most"/> whose bytes fit.</summary>
    private static long MostWithin(long allowed, long most, Func<long, long> bytesOf)
    {
        long fits = 0, tooMany = most + 1;
        while (fits + 1 < tooMany)
        {
            long middle = fits + (tooMany - fits) / 2;
            if (bytesOf(middle) <= allowed)
                fits = middle;
            else
                tooMany = middle;
        }
        return fits;
    }
}

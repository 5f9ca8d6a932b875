using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Core.Memory;
using Sluice.Models.Architectures;

namespace Sluice.Engine.Kv;

/// <summary>How many KV blocks an engine takes: enough for all sequences at full context, or as many as it may.</summary>
/// <param name="Groups">The model's KV groups with block size and type.</param>
/// <param name="Blocks">Blocks of each group.</param>
/// <param name="ContextTokens">Most positions of one sequence; these blocks hold as many.</param>
/// <param name="Bytes">What the blocks take.</param>
internal sealed record KvCapacity(KvGroupSpec[] Groups, int[] Blocks, int ContextTokens, long Bytes)
{
    private const double MiB = 1 << 20;

    /// <summary>Positions that all sequences together can have stored.</summary>
    public long Tokens => (long)Blocks.Min() * Groups[0].BlockTokens;

    /// <param name="memory">The device's, of which a plan takes at most half of what is free: activations and further models need some too.</param>
    /// <exception cref="SluiceException">One sequence at full context does not fit, or the backend does not store KV in the type.</exception>
    public static KvCapacity For(ILanguageModel model, IAttentionOps attention, MemoryBudget memory, EngineOptions options)
    {
        var groups = model.KvGroups.Select(g => g.Spec(options.KvType, options.BlockTokens)).ToArray();
        int context = options.BeyondTraining ? options.ContextTokens : Math.Min(options.ContextTokens, model.Config.ContextLength);
        long bytesPerBlock = groups.Sum(attention.BlockBytes);
        long perSequence = (context + options.BlockTokens - 1) / options.BlockTokens;
        long allowed = options.KvBytes > 0 ? options.KvBytes : memory.FreeBytes / 2;
        long affordable = Math.Min(int.MaxValue, allowed / bytesPerBlock);
        if (affordable < perSequence)
        {
            throw new SluiceException(
                $"a context of {context} tokens needs {perSequence * bytesPerBlock / MiB:F1} MiB of KV in {options.KvType}, but KV may take {allowed / MiB:F1} MiB" +
                $"{(options.KvBytes > 0 ? "" : " here")}: allow it more, take a context of at most {affordable * options.BlockTokens} tokens or a smaller KV type");
        }
        int blocks = (int)Math.Min(affordable, options.MaxSequences * perSequence);
        var counts = new int[groups.Length];
        Array.Fill(counts, blocks);
        return new KvCapacity(groups, counts, context, blocks * bytesPerBlock);
    }
}

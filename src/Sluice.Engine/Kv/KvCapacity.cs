using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Models.Architectures;

namespace Sluice.Engine.Kv;

/// <summary>How many KV blocks an engine takes: enough for all sequences at full context, or as many as it may.</summary>
/// <param name="Groups">The model's KV groups with block size and type.</param>
/// <param name="Blocks">Blocks of each group.</param>
/// <param name="ContextTokens">Most positions of one sequence that these blocks hold.</param>
/// <param name="Bytes">What the blocks take.</param>
internal sealed record KvCapacity(KvGroupSpec[] Groups, int[] Blocks, int ContextTokens, long Bytes)
{
    /// <exception cref="SluiceException">Not even one block fits, or the backend does not store KV in the type.</exception>
    public static KvCapacity For(ILanguageModel model, IAttentionOps attention, EngineOptions options)
    {
        var groups = model.KvGroups.Select(g => g.Spec(options.KvType, options.BlockTokens)).ToArray();
        int context = Math.Min(options.ContextTokens, model.Config.ContextLength);
        long bytesPerBlock = groups.Sum(attention.BlockBytes);
        long wanted = (long)options.MaxSequences * ((context + options.BlockTokens - 1) / options.BlockTokens);
        int blocks = (int)Math.Min(int.MaxValue, Math.Min(wanted, options.KvBytes / bytesPerBlock));
        if (blocks == 0)
            throw new SluiceException($"{options.KvBytes} bytes of KV do not hold one block of {bytesPerBlock}; allow more");
        var counts = new int[groups.Length];
        Array.Fill(counts, blocks);
        return new KvCapacity(groups, counts, (int)Math.Min(context, (long)blocks * options.BlockTokens), blocks * bytesPerBlock);
    }
}

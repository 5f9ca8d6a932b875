using Sluice.Engine;
using Sluice.Models;
using Sluice.Models.Files;

namespace Sluice.Cli.Bench;

/// <summary>How many bytes one decoded token reads.</summary>
/// <param name="WeightBytes">Every weight once; of an embedding table that is not the output head too, one row; of experts, those that compute.</param>
/// <param name="PositionBytes">The keys and values of one position in all layers.</param>
internal sealed record StreamedBytes(long WeightBytes, long PositionBytes)
{
    public static StreamedBytes Of(ModelPackage package, LlmEngine engine)
    {
        long bytes = 0;
        foreach (TensorInfo tensor in package.Tensors.Tensors)
        {
            bool lookedUp = !package.Config.TiedEmbeddings && tensor.Name is "token_embd.weight" or "model.embed_tokens.weight";
            bool experts = tensor.Shape.Length == 3 && package.Config.Experts > 0;
            bytes += lookedUp ? tensor.Bytes / tensor.Rows
                : experts ? tensor.Bytes * package.Config.ExpertsUsed / package.Config.Experts
                : tensor.Bytes;
        }
        return new StreamedBytes(bytes, engine.Options.KvBytes / engine.Load.Blocks / engine.Options.BlockTokens);
    }

    /// <summary>The mean over <paramref name="tokens"/> tokens decoded after a first one at position <paramref name="depth"/>: each reads one position more.</summary>
    public long PerToken(int depth, int tokens) => WeightBytes + PositionBytes * (2L * depth + tokens + 3) / 2;
}

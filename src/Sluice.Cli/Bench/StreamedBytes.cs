using Sluice.Models;
using Sluice.Models.Files;

namespace Sluice.Cli.Bench;

/// <summary>How many weight bytes one decoded token reads.</summary>
internal static class StreamedBytes
{
    /// <summary>Every weight once; of an embedding table that is not the output head too, one row; of experts, those that compute.</summary>
    public static long PerToken(ModelPackage package)
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
        return bytes;
    }
}

using Sluice.Core;
using Sluice.Models;
using Sluice.Models.Files;

namespace Sluice.Cli.Bench;

/// <summary>How much a prompt has to be multiplied: the matrix products alone, without attention.</summary>
/// <param name="PerToken">Multiplications and additions in the layers.</param>
/// <param name="Head">Those of the output head, which only the last token goes through.</param>
/// <param name="Type">The format that most of the weights have.</param>
internal sealed record PromptWork(long PerToken, long Head, DType Type)
{
    public static PromptWork Of(ModelPackage package)
    {
        long layers = 0, head = 0;
        var bytes = new Dictionary<DType, long>();
        foreach (TensorInfo tensor in package.Tensors.Tensors.Where(tensor => tensor.Shape.Length > 1))
        {
            long operations = 2 * tensor.Rows * tensor.Cols;
            bytes[tensor.Type] = bytes.GetValueOrDefault(tensor.Type) + tensor.Bytes;
            bool table = tensor.Name is "token_embd.weight" or "model.embed_tokens.weight";
            if (table ? package.Config.TiedEmbeddings : tensor.Name is "output.weight" or "lm_head.weight")
                head = operations;
            else if (!table)
                layers += IsExpert(tensor) ? operations * package.Config.ExpertsUsed / package.Config.Experts : operations;
        }
        return new PromptWork(layers, head, bytes.MaxBy(entry => entry.Value).Key);

        bool IsExpert(TensorInfo tensor) => package.Config.Experts > 0 && (tensor.Shape.Length == 3 || tensor.Name.Contains(".experts.", StringComparison.Ordinal));
    }

    public long Operations(int tokens) => PerToken * tokens + Head;
}

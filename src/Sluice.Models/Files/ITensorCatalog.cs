using Sluice.Core.Memory;

namespace Sluice.Models.Files;

/// <summary>The tensors of a model, over one file or many shards. Owns the mappings; views are valid until it is disposed.</summary>
public interface ITensorCatalog : IDisposable
{
    /// <summary>All tensors in file order.</summary>
    IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>The path a message should name for a tensor, or the model as a whole.</summary>
    string Path { get; }

    TensorInfo? Find(string name);

    /// <summary>The tensor as rows x cols, slower dimensions folded into rows. Slice it for one expert or one rank.</summary>
    TensorView Open(TensorInfo tensor);
}

using Sluice.Core.Memory;
using Sluice.Models.Files;

namespace Sluice.Cli.Bench;

/// <summary>What a weight is called in every layer alike: its stored name without the layer's number and what stands before it.</summary>
internal sealed class LayerKinds(ITensorCatalog catalog)
{
    private readonly List<(TensorView View, string Kind)> _tensors = [.. catalog.Tensors.Select(tensor => (catalog.Open(tensor), KindOf(tensor.Name)))];

    /// <summary>The kind of the tensor that a view, perhaps a slice of it, lies in.</summary>
    public string NameOf(TensorView view) => _tensors.Find(tensor => view.LiesIn(tensor.View)).Kind
        ?? $"{view.Rows} x {view.Cols}"; // made at load, so in no file

    internal static string KindOf(string tensor)
    {
        string[] parts = tensor.Split('.');
        int first = Array.FindLastIndex(parts, part => int.TryParse(part, out _)) + 1;
        int end = parts.Length > first + 1 && parts[^1] == "weight" ? parts.Length - 1 : parts.Length;
        return string.Join('.', parts[first..end]);
    }
}

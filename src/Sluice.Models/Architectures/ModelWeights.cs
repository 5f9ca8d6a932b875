using System.Runtime.InteropServices;
using Sluice.Core;
using Sluice.Core.Errors;
using Sluice.Core.Memory;
using Sluice.Models.Files;

namespace Sluice.Models.Architectures;

/// <summary>
/// A model's tensors under GGUF's names, whichever file they came from, each opened with the shape that the architecture expects. It
/// remembers what was opened: a tensor that nobody asked for means that the architecture would compute something else than the model.
/// </summary>
public sealed class ModelWeights(ITensorCatalog catalog, Func<string, string> storedName)
{
    private readonly HashSet<string> _opened = [];

    public string Path => catalog.Path;

    public bool Has(string name) => catalog.Find(storedName(name)) is not null;

    /// <summary>A matrix of <paramref name="rows"/> outputs x <paramref name="cols"/> inputs.</summary>
    /// <exception cref="ModelFileException">It is missing or has another shape.</exception>
    public TensorView Matrix(string name, int rows, int cols) => Open(name, [rows, cols]);

    /// <exception cref="ModelFileException">It is missing or has another shape.</exception>
    public TensorView Vector(string name, int length) => Open(name, [length]);

    /// <summary>A short F32 vector that the architecture itself reads.</summary>
    /// <exception cref="ModelFileException">It is missing, has another shape or another type.</exception>
    public float[] Floats(string name, int length)
    {
        var view = Vector(name, length);
        return view.Type == DType.F32
            ? MemoryMarshal.Cast<byte, float>(view.Row(0)).ToArray()
            : throw new ModelFileException(Path, $"tensor '{storedName(name)}' is {view.Type}, expected F32");
    }

    /// <summary>The matrices of all experts, stacked in one tensor (GGUF) or stored one by one (Hugging Face).</summary>
    public TensorView[] Experts(string name, int experts, int rows, int cols)
    {
        var views = new TensorView[experts];
        if (Has(name))
        {
            var stacked = Open(name, [experts, rows, cols]);
            for (int e = 0; e < experts; e++)
                views[e] = stacked.SliceRows((long)e * rows, rows);
        }
        else
        {
            for (int e = 0; e < experts; e++)
                views[e] = Open(name.Replace("_exps", $".{e}", StringComparison.Ordinal), [rows, cols]);
        }
        return views;
    }

    /// <summary>Rows of a tensor whose height only the file knows: the vocabulary.</summary>
    public int RowsOf(string name) => checked((int)Require(name).Rows);

    /// <summary>Refuses a model that has tensors which nothing reads.</summary>
    /// <exception cref="UnsupportedModelException">Names the first of them.</exception>
    public void RequireAllUsed(string architecture)
    {
        foreach (var tensor in catalog.Tensors)
        {
            bool derived = tensor.Name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal); // old exports store what config.json says
            if (!derived && !_opened.Contains(tensor.Name))
                throw new UnsupportedModelException(Path, $"tensor '{tensor.Name}' is not part of architecture '{architecture}' as supported here; " +
                    "running the model without it would give wrong answers");
        }
    }

    private TensorView Open(string name, ReadOnlySpan<int> shape)
    {
        var tensor = Require(name);
        bool same = tensor.Shape.Length == shape.Length;
        for (int i = 0; same && i < shape.Length; i++)
            same = tensor.Shape[i] == shape[i];
        if (!same)
            throw new ModelFileException(Path, $"tensor '{tensor.Name}' has shape [{string.Join(", ", tensor.Shape)}]; " +
                $"expected [{string.Join(", ", shape.ToArray())}]", tensor.Offset);
        _opened.Add(tensor.Name);
        return catalog.Open(tensor);
    }

    private TensorInfo Require(string name)
    {
        string stored = storedName(name);
        return catalog.Find(stored) ?? throw new ModelFileException(Path, $"missing tensor '{stored}'");
    }
}

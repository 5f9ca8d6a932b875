using Sluice.Core.Backend;

namespace Sluice.Models.Architectures;

/// <summary>
/// The activations of a step, allocated once for the largest step and reused. Owner: the engine's model runner. An architecture derives
/// from it to add what its layers need; the engine knows only what passes between stages.
/// </summary>
public abstract class ForwardBuffers : IDisposable
{
    private readonly List<Tensor> _owned = [];
    private readonly IMemoryOps _memory;

    protected ForwardBuffers(IMemoryOps memory, int dim, int vocabulary, int maxRows, int maxOutputs)
    {
        _memory = memory;
        MaxRows = maxRows;
        MaxOutputs = maxOutputs;
        Hidden = Allocate(maxRows, dim);
        Logits = Allocate(maxOutputs, vocabulary);
    }

    public int MaxRows { get; }

    public int MaxOutputs { get; }

    /// <summary>The residual stream, rows x dim. Filled by Embed, carried on by Forward, read by Logits, finished by Normalise.</summary>
    public Tensor Hidden { get; }

    /// <summary>outputs x vocabulary. Filled by Logits, read by the sampler.</summary>
    public Tensor Logits { get; }

    public void Dispose()
    {
        foreach (var tensor in _owned)
            tensor.Dispose();
        _owned.Clear();
        GC.SuppressFinalize(this);
    }

    protected Tensor Allocate(int rows, int cols)
    {
        try
        {
            var tensor = _memory.Allocate(rows, cols);
            _owned.Add(tensor);
            return tensor;
        }
        catch
        {
            Dispose(); // half of them is none, and nobody would ever get to dispose that
            throw;
        }
    }
}

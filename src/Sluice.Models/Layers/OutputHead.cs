using Sluice.Core.Backend;
using Sluice.Core.Memory;
using Sluice.Core.Ranks;
using Sluice.Models.Adapters;

namespace Sluice.Models.Layers;

/// <summary>Hidden states to logits, split over the vocabulary and gathered.</summary>
internal sealed class OutputHead(TensorView weight, int site, IBackend backend, ICollective collective) : IDisposable
{
    private readonly ColumnLinear _linear = new(weight, null, site, backend, collective);

    /// <param name="part">rows x this rank's outputs; the same as <paramref name="logits"/> with one rank.</param>
    public void Forward(Tensor x, int rows, Tensor part, Tensor logits, AdaptedRows adapted)
    {
        backend.Linear.Project(x, rows, [_linear.Into(part)]);
        adapted.AddToOutputs(x, _linear.Adapted(part));
        if (collective.Size > 1)
            collective.AllGatherColumns(part, rows, logits);
    }

    public void Dispose() => _linear.Dispose();
}

using Sluice.Core.Backend;
using Sluice.Core.Memory;
using Sluice.Core.Ranks;

namespace Sluice.Models.Layers;

/// <summary>
/// A mixture of experts. Every rank holds a slice of every expert's hidden width (as a dense layer would be split), so that the ranks'
/// results are partial sums whatever the router says.
/// </summary>
internal sealed class ExpertSet : IFeedForward
{
    private readonly IBackend _backend;
    private readonly ICollective _collective;
    private readonly ExpertRouting _routing;
    private readonly Weight _router;
    private readonly ExpertWeights _experts;

    /// <param name="router">experts x dim.</param>
    /// <param name="gate">Per expert: hidden x dim.</param>
    /// <param name="up">Per expert: hidden x dim.</param>
    /// <param name="down">Per expert: dim x hidden.</param>
    public ExpertSet(TensorView router, TensorView[] gate, TensorView[] up, TensorView[] down, ExpertRouting routing,
        IBackend backend, ICollective collective)
    {
        _backend = backend;
        _collective = collective;
        _routing = routing;
        _router = backend.Memory.LoadMatrix(router);
        long hidden = gate[0].Rows / collective.Size, first = hidden * collective.Rank;
        _experts = new ExpertWeights(
            Array.ConvertAll(gate, w => backend.Memory.LoadMatrix(w.SliceRows(first, hidden))),
            Array.ConvertAll(up, w => backend.Memory.LoadMatrix(w.SliceRows(first, hidden))),
            Array.ConvertAll(down, w => backend.Memory.LoadMatrix(w.SliceCols(first, hidden))));
    }

    public void Forward(int rows, DecoderBuffers buffers)
    {
        _backend.Linear.Project(buffers.Normed, rows, [new Projection(_router, null, buffers.RouterLogits!)]);
        _backend.Experts.Mix(buffers.Normed, rows, buffers.RouterLogits!, _routing, _experts, buffers.Delta);
        _collective.AllReduceSum(buffers.Delta, rows);
    }

    public void Dispose()
    {
        _router.Dispose();
        foreach (var weight in _experts.Gate.Concat(_experts.Up).Concat(_experts.Down))
            weight.Dispose();
    }
}

using Sluice.Core.Backend;
using Sluice.Core.Memory;
using Sluice.Core.Ranks;
using Sluice.Models.Adapters;

namespace Sluice.Models.Layers;

/// <summary>A linear layer split by inputs: each rank multiplies its part of the input, and the parts are summed over the ranks.</summary>
internal sealed class RowLinear : IDisposable
{
    private readonly IBackend _backend;
    private readonly ICollective _collective;
    private readonly Weight _weight;
    private readonly Tensor? _bias;
    private readonly int _site;

    /// <param name="weight">The whole matrix; inputs per rank must be whole blocks of its type.</param>
    /// <param name="bias">The whole bias, which the first rank adds; null for none.</param>
    /// <param name="site">Its number among what adapters may change.</param>
    public RowLinear(TensorView weight, TensorView? bias, int site, IBackend backend, ICollective collective)
    {
        _site = site;
        _backend = backend;
        _collective = collective;
        long cols = weight.Cols / collective.Size;
        _weight = backend.Memory.LoadMatrix(weight.SliceCols(cols * collective.Rank, cols));
        if (bias is { } b && collective.Rank == 0)
            _bias = backend.Memory.LoadVector(b);
    }

    /// <param name="x">rows x this rank's inputs.</param>
    /// <param name="y">rows x outputs, complete on every rank.</param>
    public void Forward(Tensor x, int rows, Tensor y, AdaptedRows adapted)
    {
        _backend.Linear.Project(x, rows, [new Projection(_weight, _bias, y)]);
        adapted.AddTo(x, [new AdaptedOutput(_site, y)]); // of this rank's inputs too: the sum over the ranks is the whole
        _collective.AllReduceSum(y, rows);
    }

    public void Dispose()
    {
        _weight.Dispose();
        _bias?.Dispose();
    }
}

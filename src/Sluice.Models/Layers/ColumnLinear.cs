using Sluice.Core.Backend;
using Sluice.Core.Memory;
using Sluice.Core.Ranks;
using Sluice.Models.Adapters;

namespace Sluice.Models.Layers;

/// <summary>
/// A linear layer split by outputs: each rank holds a range of the weight's rows and computes that range of the result. Run together with
/// others of the same input through <see cref="Into"/>.
/// </summary>
internal sealed class ColumnLinear : IDisposable
{
    private readonly Weight _weight;
    private readonly Tensor? _bias;
    private readonly int _site;

    /// <param name="weight">The whole matrix; outputs must divide by the number of ranks.</param>
    /// <param name="bias">The whole bias, one value per output; null for none.</param>
    /// <param name="site">Its number among what adapters may change.</param>
    public ColumnLinear(TensorView weight, TensorView? bias, int site, IBackend backend, ICollective collective)
    {
        _site = site;
        long rows = weight.Rows / collective.Size, first = rows * collective.Rank;
        _weight = backend.Memory.LoadMatrix(weight.SliceRows(first, rows));
        if (bias is { } b)
            _bias = backend.Memory.LoadVector(b.SliceCols(first, rows));
    }

    /// <summary>Outputs on this rank.</summary>
    public int Outputs => _weight.Rows;

    public Projection Into(Tensor output) => new(_weight, _bias, output);

    /// <summary>What adapters add to after that.</summary>
    public AdaptedOutput Adapted(Tensor output) => new(_site, output);

    public void Dispose()
    {
        _weight.Dispose();
        _bias?.Dispose();
    }
}

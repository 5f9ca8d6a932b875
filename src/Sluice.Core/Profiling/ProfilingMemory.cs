using System.Diagnostics;
using Sluice.Core.Backend;
using Sluice.Core.Memory;

namespace Sluice.Core.Profiling;

internal sealed class ProfilingMemory(IMemoryOps inner, Profile profile) : IMemoryOps
{
    public Tensor Allocate(int rows, int cols) => inner.Allocate(rows, cols);

    public Weight LoadMatrix(TensorView view) => Remember(inner.LoadMatrix(view), view);

    public void FinishLoading() => inner.FinishLoading();

    public Weight LoadTable(TensorView view) => Remember(inner.LoadTable(view), view);

    public Tensor LoadVector(TensorView view) => inner.LoadVector(view);

    public void Write(Tensor tensor, int firstRow, ReadOnlySpan<float> values)
    {
        long began = Stopwatch.GetTimestamp();
        inner.Write(tensor, firstRow, values);
        profile.Add("write rows", began);
    }

    public void Read(Tensor tensor, int row, Span<float> destination)
    {
        long began = Stopwatch.GetTimestamp();
        inner.Read(tensor, row, destination);
        profile.Add("read logits", began);
    }

    private Weight Remember(Weight weight, TensorView view)
    {
        profile.Remember(weight, view);
        return weight;
    }
}

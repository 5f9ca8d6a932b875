using System.Diagnostics;
using Sluice.Core.Backend;

namespace Sluice.Core.Profiling;

internal sealed class ProfilingElementwise(IElementwiseOps inner, Profile profile) : IElementwiseOps
{
    public void RmsNorm(Tensor x, int rows, Tensor weight, float epsilon, Tensor y)
    {
        long began = Stopwatch.GetTimestamp();
        inner.RmsNorm(x, rows, weight, epsilon, y);
        profile.Add("norm", began);
    }

    public void AddRmsNorm(Tensor residual, Tensor delta, int rows, Tensor weight, float epsilon, Tensor y)
    {
        long began = Stopwatch.GetTimestamp();
        inner.AddRmsNorm(residual, delta, rows, weight, epsilon, y);
        profile.Add("add, norm", began);
    }

    public void Add(Tensor x, Tensor delta, int rows)
    {
        long began = Stopwatch.GetTimestamp();
        inner.Add(x, delta, rows);
        profile.Add("add", began);
    }

    public void HeadRmsNorm(Tensor x, int rows, int headDim, Tensor weight, float epsilon)
    {
        long began = Stopwatch.GetTimestamp();
        inner.HeadRmsNorm(x, rows, headDim, weight, epsilon);
        profile.Add("head norm", began);
    }

    public void PrepareRope(RopeSpec rope, ReadOnlySpan<int> positions, Tensor table)
    {
        long began = Stopwatch.GetTimestamp();
        inner.PrepareRope(rope, positions, table);
        profile.Add("rope table", began);
    }

    public void ApplyRope(RopeSpec rope, Tensor x, int rows, int headDim, Tensor table)
    {
        long began = Stopwatch.GetTimestamp();
        inner.ApplyRope(rope, x, rows, headDim, table);
        profile.Add("rope", began);
    }

    public void SwiGlu(Tensor gate, Tensor up, int rows, Tensor y)
    {
        long began = Stopwatch.GetTimestamp();
        inner.SwiGlu(gate, up, rows, y);
        profile.Add("swiglu", began);
    }
}

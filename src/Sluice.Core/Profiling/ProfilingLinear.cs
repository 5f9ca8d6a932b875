using System.Diagnostics;
using Sluice.Core.Backend;

namespace Sluice.Core.Profiling;

internal sealed class ProfilingLinear(ILinearOps inner, Profile profile) : ILinearOps
{
    public void Embed(Weight table, ReadOnlySpan<int> tokens, Tensor y)
    {
        long began = Stopwatch.GetTimestamp();
        inner.Embed(table, tokens, y);
        profile.Add("embed", began);
    }

    public void Project(Tensor x, int rows, ReadOnlySpan<Projection> projections)
    {
        long began = Stopwatch.GetTimestamp();
        inner.Project(x, rows, projections);
        profile.AddProducts(projections, rows, began);
    }

    public void AddLowRank(Tensor x, ReadOnlySpan<LowRankTerm> terms)
    {
        long began = Stopwatch.GetTimestamp();
        inner.AddLowRank(x, terms);
        profile.Add("adapters", began);
    }

    public void Gather(Tensor x, ReadOnlySpan<int> rows, Tensor y)
    {
        long began = Stopwatch.GetTimestamp();
        inner.Gather(x, rows, y);
        profile.Add("gather", began);
    }
}

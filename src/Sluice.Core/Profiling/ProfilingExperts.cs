using System.Diagnostics;
using Sluice.Core.Backend;

namespace Sluice.Core.Profiling;

internal sealed class ProfilingExperts(IExpertOps inner, Profile profile) : IExpertOps
{
    public void Mix(Tensor x, int rows, Tensor routerLogits, ExpertRouting routing, ExpertWeights weights, Tensor y)
    {
        long began = Stopwatch.GetTimestamp();
        inner.Mix(x, rows, routerLogits, routing, weights, y);
        profile.AddExperts(weights, routing.Used, rows, began);
    }
}

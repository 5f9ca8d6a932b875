namespace Sluice.Gateway.Routing;

/// <summary>One after the other.</summary>
internal sealed class RoundRobinPolicy : IRoutingPolicy
{
    private uint _next = uint.MaxValue;

    public int Choose(RouteRequest request, ReadOnlySpan<Candidate> candidates, Chance chance) =>
        (int)(Interlocked.Increment(ref _next) % (uint)candidates.Length);
}

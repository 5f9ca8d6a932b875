using Sluice.Gateway.Routing;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>A request that looks for a member, with what the members themselves have to say of it.</summary>
internal sealed record Query(RouteRequest Request)
{
    /// <summary>Whether an endpoint can answer such a request at all, well or not.</summary>
    public Func<Endpoint, bool> IsAble { get; init; } = static _ => true;

    /// <summary>What an endpoint says of the request; null where it cannot be asked.</summary>
    public Func<Endpoint, Outlook?> Look { get; init; } = static _ => null;
}

using Sluice.Gateway.Routing;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>A request as a pool knows it.</summary>
internal sealed class PoolPrepared(Request request, RequestContext context, FamilyPreparations families) : Prepared(request, context)
{
    public FamilyPreparations Families => families;

    public required RouteRequest Route { get; init; }

    public Query Query => new(Route) { IsAble = families.IsAble, Look = families.Look };

    public override void Dispose() => families.Dispose();
}

using Sluice.Gateway;
using Sluice.Gateway.Admission;

namespace Sluice.Server;

/// <summary>What the server serves at one moment: which models, and who may ask them. Immutable; a change is a new one.</summary>
/// <param name="Secrets">Texts that no log may show.</param>
public sealed record Serving(ModelDirectory Models, Door Door, IReadOnlyList<string> Secrets)
{
    /// <summary>Whose sources a request keeps open; null where they last as long as the server.</summary>
    internal GatewaySnapshot? Gateway { get; init; }

    /// <summary>Models for everybody, without limits.</summary>
    public static Serving Openly(ModelDirectory models, TimeProvider time) => new(models, Door.Open(time), []);

    /// <summary>The pools of a gateway, behind its door.</summary>
    public static Serving Of(GatewaySnapshot gateway) =>
        new(new ModelDirectory(gateway.Pools, gateway.Reporters), gateway.Door, gateway.Secrets) { Gateway = gateway };
}

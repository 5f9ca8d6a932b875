namespace Sluice.Gateway.Sources;

/// <summary>Another Sluice, which takes every dialect that this one does.</summary>
internal static class SluiceKind
{
    public static readonly RemoteKind Kind = OpenAiKind.Kind with
    {
        Relays = new Dictionary<string, RelayRoute>([.. OpenAiKind.Kind.Relays, .. AnthropicKind.Messages]),
        Wire = new OpenAiWire(hosted: false),
        HealthPath = "/health",
        HealthAtRoot = true,
    };
}

namespace Sluice.Gateway.Sources;

/// <summary>vLLM.</summary>
internal static class VllmKind
{
    public static readonly RemoteKind Kind = OpenAiKind.Kind with
    {
        Wire = new OpenAiWire(hosted: false),
        HealthPath = "/health",
        HealthAtRoot = true,
    };
}

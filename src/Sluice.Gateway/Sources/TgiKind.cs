namespace Sluice.Gateway.Sources;

/// <summary>Hugging Face's text-generation-inference.</summary>
internal static class TgiKind
{
    public static readonly RemoteKind Kind = OpenAiKind.Kind with
    {
        Wire = new OpenAiWire(hosted: false),
        HealthPath = "/health",
        HealthAtRoot = true,
    };
}

namespace Sluice.Gateway.Sources;

/// <summary>llama.cpp's server. Its <c>/health</c> says 503 until the model is loaded.</summary>
internal static class LlamaCppKind
{
    public static readonly RemoteKind Kind = OpenAiKind.Kind with
    {
        Wire = new OpenAiWire(hosted: false),
        HealthPath = "/health",
        HealthAtRoot = true,
    };
}

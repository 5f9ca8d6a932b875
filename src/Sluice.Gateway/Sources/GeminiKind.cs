namespace Sluice.Gateway.Sources;

/// <summary>Google's Gemini by its own API; a model is part of the path.</summary>
internal static class GeminiKind
{
    public static readonly RemoteKind Kind = new()
    {
        DefaultPath = "/v1beta",
        Relays = new Dictionary<string, RelayRoute>(),
        Wire = new GeminiWire(),
        Authorise = static (request, key) => request.Headers.TryAddWithoutValidation("x-goog-api-key", key),
    };
}

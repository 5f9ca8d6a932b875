namespace Sluice.Gateway.Sources;

/// <summary>Anthropic: its own dialect as bytes, conversations in any other translated.</summary>
internal static class AnthropicKind
{
    /// <summary>The requests of its dialect.</summary>
    public static readonly IReadOnlyDictionary<string, RelayRoute> Messages = new Dictionary<string, RelayRoute>
    {
        ["anthropic.messages"] = new("/messages", RelayForm.Anthropic),
        ["anthropic.count_tokens"] = new("/messages/count_tokens", RelayForm.Anthropic, Counts: true),
    };

    public static readonly RemoteKind Kind = new()
    {
        Relays = Messages,
        Wire = new AnthropicWire(),
        Authorise = static (request, key) => request.Headers.TryAddWithoutValidation("x-api-key", key),
        Headers = [("anthropic-version", "2023-06-01")],
    };
}

namespace Sluice.Gateway.Sources;

/// <summary>OpenAI itself, and every server that has its API: Hugging Face endpoints, TensorRT-LLM's and many more.</summary>
internal static class OpenAiKind
{
    public static readonly RemoteKind Kind = new()
    {
        Relays = new Dictionary<string, RelayRoute>
        {
            ["openai.chat"] = new("/chat/completions", RelayForm.OpenAi),
            ["openai.completions"] = new("/completions", RelayForm.OpenAi),
        },
        Wire = new OpenAiWire(hosted: true),
        EmbeddingsPath = "/embeddings",
    };
}

namespace Sluice.Gateway.Sources;

/// <summary>Ollama, by the API of OpenAI's that it has beside its own.</summary>
internal static class OllamaKind
{
    public static readonly RemoteKind Kind = OpenAiKind.Kind with { Wire = new OpenAiWire(hosted: false) };
}

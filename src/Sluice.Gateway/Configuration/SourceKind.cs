namespace Sluice.Gateway.Configuration;

/// <summary>What answers, which decides the language that it is spoken to in.</summary>
public enum SourceKind
{
    /// <summary>A model in this process.</summary>
    Engine,
    Sluice,
    OpenAi,
    Azure,
    Anthropic,
    Gemini,
    Vllm,
    Tgi,
    LlamaCpp,
    Ollama,
}

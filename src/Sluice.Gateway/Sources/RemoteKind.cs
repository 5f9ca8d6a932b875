using Sluice.Gateway.Configuration;

namespace Sluice.Gateway.Sources;

/// <summary>What differs between the kinds of remote sources; each has a file that fills this in.</summary>
internal sealed record RemoteKind
{
    /// <summary>Appended to a URL that the operator gave without a path.</summary>
    public string DefaultPath { get; init; } = "/v1";

    /// <summary>Requests that go out as the bytes they came in: by the name of their dialect, where and how.</summary>
    public required IReadOnlyDictionary<string, RelayRoute> Relays { get; init; }

    /// <summary>How a request in any other dialect is said and its answer understood.</summary>
    public required IUpstreamWire Wire { get; init; }

    /// <summary>Where embeddings are made; null where they are not.</summary>
    public string? EmbeddingsPath { get; init; }

    /// <summary>The full address of a path, for those kinds where it depends on more than the URL.</summary>
    public Func<RemoteConfig, string, string, string> Locate { get; init; } = static (remote, model, path) => remote.Url.AbsoluteUri.TrimEnd('/') + path;

    /// <summary>Puts the key into a request.</summary>
    public Action<HttpRequestMessage, string> Authorise { get; init; } =
        static (request, key) => request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);

    /// <summary>Further headers of every request.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Answers with success while the source is well.</summary>
    public string HealthPath { get; init; } = "/models";

    /// <summary>Whether <see cref="HealthPath"/> begins at the server's root instead of the URL's path.</summary>
    public bool HealthAtRoot { get; init; }

    public static RemoteKind Of(SourceKind kind) => kind switch
    {
        SourceKind.OpenAi => OpenAiKind.Kind,
        SourceKind.Azure => AzureKind.Kind,
        SourceKind.Anthropic => AnthropicKind.Kind,
        SourceKind.Gemini => GeminiKind.Kind,
        SourceKind.Vllm => VllmKind.Kind,
        SourceKind.Tgi => TgiKind.Kind,
        SourceKind.LlamaCpp => LlamaCppKind.Kind,
        SourceKind.Ollama => OllamaKind.Kind,
        SourceKind.Sluice => SluiceKind.Kind,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind of source is not remote."),
    };
}

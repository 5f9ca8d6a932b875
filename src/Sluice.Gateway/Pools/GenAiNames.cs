using System.Diagnostics;
using Sluice.Gateway.Configuration;

namespace Sluice.Gateway.Pools;

/// <summary>Who is asked for what, in the words of OpenTelemetry's conventions.</summary>
internal sealed class GenAiNames
{
    public const string Chat = "chat";
    public const string Completion = "text_completion";
    public const string Embeddings = "embeddings";
    public const string Classification = "classify";
    public const string Count = "count_tokens";

    public GenAiNames(Endpoint endpoint, string operation)
    {
        SourceConfig source = endpoint.State.Config;
        Operation = operation;
        Model = source.Remote?.Models.GetValueOrDefault(endpoint.Model, endpoint.Model) ?? source.Engine?.Model ?? endpoint.Model;
        Tags = new ActivityTagsCollection
        {
            ["gen_ai.operation.name"] = operation,
            ["gen_ai.provider.name"] = ProviderOf(source.Kind),
            ["gen_ai.request.model"] = Model,
            ["sluice.source"] = endpoint.Name,
        };
        if (source.Remote is not { } remote)
            return;
        Tags["server.address"] = remote.Url.Host;
        Tags["server.port"] = remote.Url.Port;
    }

    public string Operation { get; }

    /// <summary>As the source calls it.</summary>
    public string Model { get; }

    public ActivityTagsCollection Tags { get; }

    /// <summary>What a request in a dialect asks for.</summary>
    public static string OperationOf(string dialect) => dialect == "openai.completions" ? Completion : Chat;

    private static string ProviderOf(SourceKind kind) => kind switch
    {
        SourceKind.Engine or SourceKind.Sluice => "sluice",
        SourceKind.OpenAi => "openai",
        SourceKind.Azure => "azure.ai.openai",
        SourceKind.Anthropic => "anthropic",
        SourceKind.Gemini => "gcp.gemini",
        SourceKind.Vllm => "vllm",
        SourceKind.Tgi => "tgi",
        SourceKind.LlamaCpp => "llamacpp",
        SourceKind.Ollama => "ollama",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind of source has no name for OpenTelemetry."),
    };
}

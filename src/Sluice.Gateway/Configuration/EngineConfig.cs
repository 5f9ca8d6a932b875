namespace Sluice.Gateway.Configuration;

/// <summary>A model in this process.</summary>
public sealed record EngineConfig
{
    /// <summary>As on the command line.</summary>
    public required string Model { get; init; }

    /// <summary>Engines over that model, each with a KV cache of its own; at least 1.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>f16, f32, q8_0 or q4_0; null leaves it to the engine.</summary>
    public string? KvType { get; init; }

    /// <summary>KV memory of each replica; null leaves it to the engine.</summary>
    public long? KvBytes { get; init; }

    /// <summary>Requests computed at once by each replica; null leaves it to the engine.</summary>
    public int? MaxSequences { get; init; }

    /// <summary>Tokens of one step; null leaves it to the engine.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>How tokens are proposed ahead, as on the command line: ngram or a smaller model; null for not at all.</summary>
    public string? Draft { get; init; }

    /// <summary>LoRA adapters: names that pools use for them, and their folders or files.</summary>
    public IReadOnlyDictionary<string, string> Adapters { get; init; } = new Dictionary<string, string>();

    /// <summary>What pools may name of it: the model and its adapters.</summary>
    public IEnumerable<string> Models => [Model, .. Adapters.Keys];
}

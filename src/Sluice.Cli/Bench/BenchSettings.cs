using Sluice.Core;

namespace Sluice.Cli.Bench;

/// <summary>What a bench run is asked to measure.</summary>
/// <param name="Depths">Tokens of context to decode after, beside none.</param>
/// <param name="Batches">How many sequences to decode together.</param>
/// <param name="Threads">0 takes one per core.</param>
/// <param name="Runs">To take the median of.</param>
internal sealed record BenchSettings(string Model, int PromptTokens, int DecodedTokens, int[] Depths, int[] Batches, int Threads, int Runs, DType KvType, bool Profile)
{
    /// <summary>Paths of the LoRA adapters that sequences answer through, in turn; empty for none.</summary>
    public string[] Adapters { get; init; } = [];

    /// <summary>How tokens are proposed ahead, as <c>--draft</c> says; null where that is not measured.</summary>
    public string? Draft { get; init; }

    /// <summary>Most tokens proposed ahead; null for as many as usual.</summary>
    public int? DraftTokens { get; init; }

    /// <summary>File of the prompts to measure that with.</summary>
    public string? Prompts { get; init; }

    /// <summary>Room for 32k tokens of a model of 8 billion parameters in F16, with some to spare; what is not used is never touched.</summary>
    public const long DeepKvBytes = 8L << 30;
}

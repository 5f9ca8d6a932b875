using Sluice.Engine.Sampling;
using Sluice.Models;
using Sluice.Protocol.Requests;

namespace Sluice.Local;

/// <summary>What the client said, else what the model's makers recommend, else OpenAI's defaults.</summary>
internal sealed class LocalSampling(GenerationDefaults defaults, Random random)
{
    private readonly Lock _gate = new();

    public SamplingOptions Of(CompletionRequest view, int choice) => new()
    {
        Temperature = view.Temperature ?? defaults.Temperature ?? 1,
        TopK = view.TopK ?? defaults.TopK ?? 0,
        TopP = view.TopP ?? defaults.TopP ?? 1,
        MinP = view.MinP ?? defaults.MinP ?? 0,
        RepetitionPenalty = view.RepetitionPenalty ?? defaults.RepetitionPenalty ?? 1,
        FrequencyPenalty = view.FrequencyPenalty ?? 0,
        PresencePenalty = view.PresencePenalty ?? 0,
        Seed = (view.Seed is { } seed ? (ulong)seed : NextSeed()) + (ulong)choice,
    };

    private ulong NextSeed()
    {
        lock (_gate) return (ulong)random.NextInt64();
    }
}

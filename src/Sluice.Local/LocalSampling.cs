using Sluice.Engine.Sampling;
using Sluice.Models;
using Sluice.Protocol.Requests;

namespace Sluice.Local;

/// <summary>
/// What the client said, else what the model's makers recommend, else OpenAI's defaults; llama.cpp's where OpenAI has no such option.
/// </summary>
internal sealed class LocalSampling(LocalModel model, Random random)
{
    private static readonly SamplingOptions Off = new();

    private readonly Lock _gate = new();
    private readonly LocalBreakers _breakers = new(model.Tokenizer);

    /// <exception cref="InvalidRequestException">A token id is outside the vocabulary.</exception>
    public SamplingOptions Of(CompletionRequest view, int choice)
    {
        GenerationDefaults defaults = model.Package.Defaults;
        ExtendedSampling extended = view.Extended;
        return new SamplingOptions
        {
            LogitBias = Biases(view),
            MinTokens = extended.MinTokens ?? Off.MinTokens,
            IgnoreEnd = extended.IgnoreEnd ?? Off.IgnoreEnd,
            RepetitionPenalty = view.RepetitionPenalty ?? defaults.RepetitionPenalty ?? Off.RepetitionPenalty,
            FrequencyPenalty = view.FrequencyPenalty ?? Off.FrequencyPenalty,
            PresencePenalty = view.PresencePenalty ?? Off.PresencePenalty,
            PenaltyWindow = extended.RepeatLastN,
            DryMultiplier = extended.DryMultiplier ?? Off.DryMultiplier,
            DryBase = extended.DryBase ?? Off.DryBase,
            DryAllowedLength = extended.DryAllowedLength ?? Off.DryAllowedLength,
            DryWindow = extended.DryLastN ?? Off.DryWindow,
            DryBreakers = extended.DryMultiplier > 0 ? _breakers.Of(extended.DryBreakers) : Off.DryBreakers,
            Temperature = view.Temperature ?? defaults.Temperature ?? Off.Temperature,
            TemperatureRange = extended.DynamicRange ?? Off.TemperatureRange,
            TemperatureExponent = extended.DynamicExponent ?? Off.TemperatureExponent,
            TopNSigma = extended.TopNSigma ?? Off.TopNSigma,
            TopK = view.TopK ?? defaults.TopK ?? Off.TopK,
            TypicalP = extended.TypicalP ?? Off.TypicalP,
            TopP = view.TopP ?? defaults.TopP ?? Off.TopP,
            MinP = view.MinP ?? defaults.MinP ?? Off.MinP,
            XtcProbability = extended.XtcProbability ?? Off.XtcProbability,
            XtcThreshold = extended.XtcThreshold ?? Off.XtcThreshold,
            Mirostat = extended.Mirostat ?? Off.Mirostat,
            MirostatTau = extended.MirostatTau ?? Off.MirostatTau,
            MirostatEta = extended.MirostatEta ?? Off.MirostatEta,
            MinKeep = extended.MinKeep ?? Off.MinKeep,
            Seed = (view.Seed is { } seed ? (ulong)seed : NextSeed()) + (ulong)choice,
        };
    }

    private TokenBias[] Biases(CompletionRequest view)
    {
        int vocabulary = model.Package.Config.Vocabulary;
        foreach (var (token, _) in view.LogitBias)
        {
            if (token >= vocabulary)
            {
                throw new InvalidRequestException(
                    $"'logit_bias' names token {token}; '{model.Name}' has tokens 0 to {vocabulary - 1}.", "logit_bias", "invalid_value");
            }
        }
        return [.. view.LogitBias.Select(bias => new TokenBias(bias.Token, bias.Bias))];
    }

    private ulong NextSeed()
    {
        lock (_gate) return (ulong)random.NextInt64();
    }
}

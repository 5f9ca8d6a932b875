using System.Globalization;
using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Cli.Answers;

/// <summary>Writes what a request says about drawing, by the names of the wire; what it does not say is left out.</summary>
internal static class SamplingWriter
{
    public static void Write(Utf8JsonWriter writer, CompletionRequest settings)
    {
        Number(writer, "temperature", settings.Temperature);
        Number(writer, "top_k", settings.TopK);
        Number(writer, "top_p", settings.TopP);
        Number(writer, "min_p", settings.MinP);
        Number(writer, "repetition_penalty", settings.RepetitionPenalty);
        Number(writer, "presence_penalty", settings.PresencePenalty);
        Number(writer, "frequency_penalty", settings.FrequencyPenalty);
        Number(writer, "seed", settings.Seed);
        WriteBiases(writer, settings.LogitBias);
        Write(writer, settings.Extended);
    }

    public static void Number(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
    }

    public static void Texts(Utf8JsonWriter writer, string name, IReadOnlyList<string>? values)
    {
        if (values is not { Count: > 0 })
            return;
        writer.WriteStartArray(name);
        foreach (string value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, ExtendedSampling sampling)
    {
        Number(writer, "min_tokens", sampling.MinTokens);
        if (sampling.IgnoreEnd is { } ignored)
            writer.WriteBoolean("ignore_eos", ignored);
        Number(writer, "repeat_last_n", sampling.RepeatLastN);
        Number(writer, "dynatemp_range", sampling.DynamicRange);
        Number(writer, "dynatemp_exponent", sampling.DynamicExponent);
        Number(writer, "top_n_sigma", sampling.TopNSigma);
        Number(writer, "typical_p", sampling.TypicalP);
        Number(writer, "xtc_probability", sampling.XtcProbability);
        Number(writer, "xtc_threshold", sampling.XtcThreshold);
        Number(writer, "min_keep", sampling.MinKeep);
        Number(writer, "dry_multiplier", sampling.DryMultiplier);
        Number(writer, "dry_base", sampling.DryBase);
        Number(writer, "dry_allowed_length", sampling.DryAllowedLength);
        Number(writer, "dry_penalty_last_n", sampling.DryLastN);
        Texts(writer, "dry_sequence_breakers", sampling.DryBreakers);
        Number(writer, "mirostat", sampling.Mirostat);
        Number(writer, "mirostat_tau", sampling.MirostatTau);
        Number(writer, "mirostat_eta", sampling.MirostatEta);
    }

    private static void WriteBiases(Utf8JsonWriter writer, IReadOnlyList<(int Token, float Bias)> biases)
    {
        if (biases.Count == 0)
            return;
        writer.WriteStartObject("logit_bias");
        foreach (var (token, bias) in biases)
            writer.WriteNumber(token.ToString(CultureInfo.InvariantCulture), bias);
        writer.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter writer, string name, float? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
    }
}

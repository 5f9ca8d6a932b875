using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>The options that OpenAI's chat and text completions share, with vLLM's names for those that OpenAI does not have.</summary>
internal static class SamplingFields
{
    /// <summary>Most of the likeliest tokens that an answer names beside each of its own.</summary>
    public const int MaxLogprobs = 20;

    /// <summary>Most choices of one prompt.</summary>
    public const int MaxChoices = 128;

    private const int MaxStops = 4;
    private const int MaxStopChars = 1024;

    public static readonly string[] Names =
    [
        "model", "max_tokens", "temperature", "top_p", "top_k", "min_p", "frequency_penalty", "presence_penalty", "repetition_penalty",
        "repeat_penalty", "logit_bias", "seed", "stop", "n", "stream", "stream_options", "user", .. ExtendedSamplingFields.Names,
    ];

    /// <summary>A view with all shared options set; the prompt is the dialect's.</summary>
    public static CompletionRequest Read(JsonFields fields) => new()
    {
        Model = ReadModel(fields),
        MaxTokens = fields.Integer("max_tokens", 1),
        Temperature = fields.Number("temperature", 0, 2),
        TopP = fields.Number("top_p", 0, 1),
        TopK = fields.Integer("top_k", -1) is { } k ? Math.Max(k, 0) : null,
        MinP = fields.Number("min_p", 0, 1),
        FrequencyPenalty = fields.Number("frequency_penalty", -2, 2),
        PresencePenalty = fields.Number("presence_penalty", -2, 2),
        RepetitionPenalty = ReadRepetitionPenalty(fields),
        Seed = fields.Long("seed"),
        LogitBias = LogitBiasFields.Read(fields),
        Extended = ExtendedSamplingFields.Read(fields),
        Stop = ReadStop(fields),
        Choices = fields.Integer("n", 1, MaxChoices) ?? 1,
        Stream = fields.Boolean("stream") ?? false,
        IncludeUsage = ReadIncludeUsage(fields),
        User = fields.Text("user"),
    };

    public static string ReadModel(JsonFields fields)
    {
        string model = fields.RequireText("model");
        return model.Length > 0 ? model : throw FieldError.Missing("model");
    }

    /// <summary>By vLLM's name or by llama.cpp's.</summary>
    private static float? ReadRepetitionPenalty(JsonFields fields)
    {
        float? vllm = fields.Number("repetition_penalty", 0.01f, 100), llama = fields.Number("repeat_penalty", 0.01f, 100);
        return vllm is null || llama is null || vllm == llama
            ? vllm ?? llama
            : throw new InvalidRequestException(
                "'repetition_penalty' and 'repeat_penalty' differ; send one of them.", "repeat_penalty", "invalid_value");
    }

    private static string[] ReadStop(JsonFields fields)
    {
        if (fields.Find("stop") is { ValueKind: JsonValueKind.String } one)
            return [ReadStopText(one, "stop")];
        if (fields.Items("stop", "a string or an array of strings") is not { } several)
            return [];
        string[] stops = [.. several.Take(MaxStops + 1).Select(stop => ReadStopText(stop.Item, stop.Path))];
        return stops.Length <= MaxStops ? stops : throw FieldError.TooMany("stop", MaxStops, "strings");
    }

    private static string ReadStopText(JsonElement value, string path)
    {
        string text = JsonFields.TextOf(value, path);
        return text.Length is > 0 and <= MaxStopChars ? text : throw FieldError.WrongValue(value, path, $"1 to {MaxStopChars} characters");
    }

    private static bool ReadIncludeUsage(JsonFields fields)
    {
        if (fields.Find("stream_options") is not { } value)
            return false;
        var options = new JsonFields(value, "stream_options");
        if (options.Boolean("include_obfuscation") == true)
            throw FieldError.Unsupported(options.PathOf("include_obfuscation"), "false");
        return options.Boolean("include_usage") ?? false;
    }
}

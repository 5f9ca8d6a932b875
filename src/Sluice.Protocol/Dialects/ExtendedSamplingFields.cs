using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>The fields of llama.cpp's server, and of vLLM's, for ways of drawing that OpenAI does not have.</summary>
internal static class ExtendedSamplingFields
{
    private const int MaxBreakers = 8;
    private const int MaxBreakerChars = 40;

    public static readonly string[] Names =
    [
        "min_tokens", "ignore_eos", "repeat_last_n", "dynatemp_range", "dynatemp_exponent", "top_n_sigma", "typical_p", "xtc_probability",
        "xtc_threshold", "min_keep", "dry_multiplier", "dry_base", "dry_allowed_length", "dry_penalty_last_n", "dry_sequence_breakers",
        "mirostat", "mirostat_tau", "mirostat_eta",
    ];

    // Filters that do not run beside mirostat; asked for together with it they would be ignored.
    private static readonly string[] Replaced = ["top_k", "top_p", "min_p", "top_n_sigma", "typical_p", "xtc_probability"];

    public static ExtendedSampling Read(JsonFields fields)
    {
        var sampling = new ExtendedSampling
        {
            MinTokens = fields.Integer("min_tokens", 0),
            IgnoreEnd = fields.Boolean("ignore_eos"),
            RepeatLastN = fields.Integer("repeat_last_n", -1),
            DynamicRange = fields.Number("dynatemp_range", 0, 10),
            DynamicExponent = fields.Number("dynatemp_exponent", 0, 10),
            TopNSigma = fields.Number("top_n_sigma", -1, 100) is { } n ? Math.Max(n, 0) : null, // llama.cpp's -1 is "off"
            TypicalP = fields.Number("typical_p", 0, 1),
            XtcProbability = fields.Number("xtc_probability", 0, 1),
            XtcThreshold = fields.Number("xtc_threshold", 0, 1),
            MinKeep = fields.Integer("min_keep", 0),
            DryMultiplier = fields.Number("dry_multiplier", 0, 100),
            DryBase = fields.Number("dry_base", 1, 100),
            DryAllowedLength = fields.Integer("dry_allowed_length", 0),
            DryLastN = fields.Integer("dry_penalty_last_n", -1),
            DryBreakers = ReadBreakers(fields),
            Mirostat = fields.Integer("mirostat", 0, 2),
            MirostatTau = fields.Number("mirostat_tau", 0, 100),
            MirostatEta = fields.Number("mirostat_eta", 0, 1),
        };
        if (sampling.Mirostat > 0 && Replaced.FirstOrDefault(name => fields.Find(name) is not null) is { } other)
            throw new InvalidRequestException($"'mirostat' takes the place of '{other}'; leave one of them out.", other, "invalid_value");
        return sampling;
    }

    private static string[]? ReadBreakers(JsonFields fields)
    {
        if (fields.Items("dry_sequence_breakers", "an array of strings") is not { } items)
            return null;
        string[] breakers = [.. items.Take(MaxBreakers + 1).Select(item =>
            JsonFields.TextOf(item.Item, item.Path) is { Length: > 0 and <= MaxBreakerChars } text
                ? text : throw FieldError.WrongValue(item.Item, item.Path, $"1 to {MaxBreakerChars} characters"))];
        return breakers.Length <= MaxBreakers ? breakers : throw FieldError.TooMany("dry_sequence_breakers", MaxBreakers, "strings");
    }
}

namespace Sluice.Engine.Sampling;

/// <summary>
/// The steps there are, in the order in which they run. Each is made where a request's options ask for it. The order is llama.cpp's but for
/// the temperature, which comes before the filters as in vLLM and Hugging Face.
/// </summary>
internal static class SamplerRegistry
{
    /// <param name="endTokens">The tokens that end an answer.</param>
    public static ILogitEdit[] Edits(SamplingOptions o, IReadOnlySet<int> endTokens) => Made<ILogitEdit>(
        o.LogitBias.Count > 0 ? new LogitBias(o.LogitBias) : null,
        o.MinTokens > 0 || o.IgnoreEnd ? new ForbiddenEnd([.. endTokens], o.IgnoreEnd ? int.MaxValue : o.MinTokens) : null,
        o is { RepetitionPenalty: 1, FrequencyPenalty: 0, PresencePenalty: 0 }
            ? null : new Penalties(o.RepetitionPenalty, o.FrequencyPenalty, o.PresencePenalty, o.PenaltyWindow),
        o.DryMultiplier > 0 ? new Dry(o.DryMultiplier, o.DryBase, o.DryAllowedLength, o.DryWindow, o.DryBreakers) : null);

    public static ICandidateFilter[] Filters(SamplingOptions o) => o.Mirostat > 0
        ? [Heat(o), new Mirostat(o.Mirostat, o.MirostatTau, o.MirostatEta)]
        : Made<ICandidateFilter>(
            Heat(o),
            o.TopNSigma > 0 ? new TopNSigma(o.TopNSigma) : null,
            o.TopK > 0 ? new TopK(o.TopK) : null,
            o.TypicalP < 1 ? new Typical(o.TypicalP, o.MinKeep) : null,
            o.TopP < 1 ? new TopP(o.TopP, o.MinKeep) : null,
            o.MinP > 0 ? new MinP(o.MinP, o.MinKeep) : null,
            o.XtcProbability > 0 ? new Xtc(o.XtcProbability, o.XtcThreshold, o.MinKeep) : null);

    private static ICandidateFilter Heat(SamplingOptions o) => o.TemperatureRange > 0
        ? new DynamicTemperature(Math.Max(0, o.Temperature - o.TemperatureRange), o.Temperature + o.TemperatureRange, o.TemperatureExponent)
        : new Temperature(o.Temperature);

    private static T[] Made<T>(params ReadOnlySpan<T?> steps) where T : class
    {
        var made = new List<T>();
        foreach (var step in steps)
        {
            if (step is not null)
                made.Add(step);
        }
        return [.. made];
    }
}

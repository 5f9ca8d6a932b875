namespace Sluice.Engine.Sampling;

/// <summary>
/// How one sequence is sampled: its steps and its seed. The n-th draw of a seed is always the same number, whatever else the engine
/// computed in between, and but for mirostat's bound nothing is remembered from draw to draw.
/// </summary>
internal sealed class SamplerState
{
    /// <param name="number">Seeds a request that brings no seed.</param>
    public SamplerState(SamplingOptions options, IReadOnlySet<int> endTokens, ulong number)
    {
        Seed = options.Seed ?? number;
        Edits = SamplerRegistry.Edits(options, endTokens);
        Filters = SamplerRegistry.Filters(options);
        Mirostat = Filters.OfType<Mirostat>().FirstOrDefault();
        Greedy = (options.Temperature <= 0 && options.TemperatureRange <= 0) || (options.TopK == 1 && Mirostat is null);
    }

    public ulong Seed { get; }

    public ILogitEdit[] Edits { get; }

    public ICandidateFilter[] Filters { get; }

    /// <summary>The filter that learns from what is drawn, if it is among them.</summary>
    public Mirostat? Mirostat { get; }

    /// <summary>Whether the filters can leave only the most likely token.</summary>
    public bool Greedy { get; }
}

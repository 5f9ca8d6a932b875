namespace Sluice.Engine.Sampling;

/// <summary>
/// What one sequence's sampling remembers: which tokens it saw, and where its random numbers come from. The n-th draw of a seed is always the
/// same number, whatever else the engine computed in between.
/// </summary>
internal sealed class SamplerState
{
    private readonly ulong _seed;
    private readonly HashSet<int>? _seen;
    private readonly Dictionary<int, int>? _generated;

    /// <param name="number">Seeds a request that brings no seed.</param>
    public SamplerState(SamplingOptions options, ReadOnlySpan<int> prompt, ulong number)
    {
        Options = options;
        _seed = options.Seed ?? number;
        if (options.RepetitionPenalty != 1)
        {
            _seen = [];
            foreach (int token in prompt)
                _seen.Add(token);
        }
        if (options.FrequencyPenalty != 0 || options.PresencePenalty != 0)
            _generated = [];
    }

    public SamplingOptions Options { get; }

    public void Accept(int token)
    {
        _seen?.Add(token);
        if (_generated is not null)
            _generated[token] = _generated.GetValueOrDefault(token) + 1;
    }

    /// <summary>A number in [0, 1) for the draw at this length of the sequence.</summary>
    public double Uniform(int length)
    {
        // SplitMix64 at a given index (Steele, Lea and Flood 2014).
        ulong z = _seed * 0xD1342543DE82EF95 + (ulong)length * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    public void Penalise(Span<float> logits)
    {
        if (_seen is not null)
        {
            foreach (int token in _seen)
            {
                if ((uint)token < (uint)logits.Length) // positions with given embeddings have no id
                    logits[token] = logits[token] > 0 ? logits[token] / Options.RepetitionPenalty : logits[token] * Options.RepetitionPenalty;
            }
        }
        if (_generated is not null)
        {
            foreach (var (token, count) in _generated)
                logits[token] -= count * Options.FrequencyPenalty + Options.PresencePenalty;
        }
    }
}

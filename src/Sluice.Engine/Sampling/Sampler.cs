using Sluice.Engine.Requests;

namespace Sluice.Engine.Sampling;

/// <summary>
/// Draws tokens from logits: edits of single tokens, then filters, then the draw. Nothing is sorted, and nothing allocated per token. Its
/// arrays are reused, so one sampler serves one thread.
/// </summary>
internal sealed class Sampler(int vocabulary)
{
    /// <summary>Returned where the logits hold a value that is not finite.</summary>
    public const int NotFinite = -1;

    private readonly Candidates _candidates = new(vocabulary);
    private readonly TokenScratch _scratch = new(vocabulary);
    private LogprobReader? _logprobs;

    /// <summary>The logits of the vocabulary, to be filled before <see cref="Sample"/>, which overwrites them.</summary>
    public Span<float> Row => _candidates.Row;

    /// <summary>Reads the row's log-probabilities, before <see cref="Sample"/> changes it; only for requests that want them.</summary>
    /// <param name="best">How many of the most likely tokens to name.</param>
    public void ReadLogprobs(int best) => (_logprobs ??= new LogprobReader(vocabulary)).Read(_candidates, best);

    /// <summary>What was read, for the token drawn.</summary>
    public TokenScores LogprobsOf(int token) => _logprobs!.Of(token);

    /// <param name="tokens">The sequence so far, whose length numbers the draw.</param>
    /// <param name="promptLength">How many of its tokens are the prompt.</param>
    /// <returns>A token id, or <see cref="NotFinite"/>.</returns>
    public int Sample(SamplerState state, ReadOnlySpan<int> tokens, int promptLength)
    {
        var draw = new DrawContext(tokens, promptLength, state.Seed, _scratch);
        foreach (var edit in state.Edits)
            edit.Apply(_candidates.Row, draw);
        if (!_candidates.TryBegin())
            return NotFinite;
        if (state.Greedy)
            return _candidates.Best();
        foreach (var filter in state.Filters)
            filter.Apply(_candidates, draw);
        var (token, probability) = _candidates.Draw(draw.Uniform);
        state.Mirostat?.Learn(probability);
        return token;
    }
}

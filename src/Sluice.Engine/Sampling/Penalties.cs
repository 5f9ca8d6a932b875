namespace Sluice.Engine.Sampling;

/// <summary>
/// Makes tokens less likely that occurred before: repetition divides positive and multiplies negative logits (Keskar et al. 2019),
/// frequency is subtracted per occurrence and presence once (OpenAI's definition). Without a window repetition looks at prompt and answer
/// and the other two at the answer, as in vLLM; with one all three look at the last tokens of both, as in llama.cpp.
/// </summary>
/// <param name="lastTokens">The window; null for none, below 0 for everything.</param>
internal sealed class Penalties(float repetition, float frequency, float presence, int? lastTokens) : ILogitEdit
{
    public void Apply(Span<float> logits, in DrawContext draw)
    {
        int window = lastTokens is >= 0 and { } most ? Math.Min(most, draw.Tokens.Length) : draw.Tokens.Length;
        var seen = draw.Tokens[^window..];
        if (repetition != 1)
            Repeat(logits, seen, draw.Scratch.PerToken);
        if (frequency != 0 || presence != 0)
            Subtract(logits, lastTokens is null ? draw.Tokens[draw.PromptLength..] : seen, draw.Scratch.PerToken);
    }

    private void Repeat(Span<float> logits, ReadOnlySpan<int> tokens, int[] done)
    {
        foreach (int token in tokens)
        {
            if ((uint)token < (uint)logits.Length && done[token]++ == 0)
                logits[token] = logits[token] > 0 ? logits[token] / repetition : logits[token] * repetition;
        }
        Forget(tokens, done);
    }

    private void Subtract(Span<float> logits, ReadOnlySpan<int> tokens, int[] done)
    {
        foreach (int token in tokens)
        {
            if ((uint)token < (uint)logits.Length)
                done[token]++;
        }
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)logits.Length || done[token] == 0)
                continue;
            logits[token] -= done[token] * frequency + presence;
            done[token] = 0;
        }
    }

    private static void Forget(ReadOnlySpan<int> tokens, int[] done)
    {
        foreach (int token in tokens)
        {
            if ((uint)token < (uint)done.Length)
                done[token] = 0;
        }
    }
}

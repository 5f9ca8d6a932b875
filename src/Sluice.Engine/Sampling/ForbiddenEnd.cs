namespace Sluice.Engine.Sampling;

/// <summary>
/// Forbids the tokens that end an answer while it is shorter than a number of tokens (vLLM's min_tokens), or for good (ignore_eos).
/// </summary>
internal sealed class ForbiddenEnd(IReadOnlyList<int> endTokens, int leastTokens) : ILogitEdit
{
    public void Apply(Span<float> logits, in DrawContext draw)
    {
        if (draw.Tokens.Length - draw.PromptLength >= leastTokens)
            return;
        for (int i = 0; i < endTokens.Count; i++)
        {
            if ((uint)endTokens[i] < (uint)logits.Length)
                logits[endTokens[i]] = float.NegativeInfinity;
        }
    }
}

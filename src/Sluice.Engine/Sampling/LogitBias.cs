namespace Sluice.Engine.Sampling;

/// <summary>Adds to the logits of given tokens (OpenAI's logit_bias); minus infinity forbids one.</summary>
internal sealed class LogitBias(IReadOnlyList<TokenBias> biases) : ILogitEdit
{
    public void Apply(Span<float> logits, in DrawContext draw)
    {
        for (int i = 0; i < biases.Count; i++)
        {
            if ((uint)biases[i].Token < (uint)logits.Length)
                logits[biases[i].Token] += biases[i].Bias;
        }
    }
}

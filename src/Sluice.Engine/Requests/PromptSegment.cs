namespace Sluice.Engine.Requests;

/// <summary>A stretch of a prompt: token ids, or embeddings that something else computed (an image, a soft prompt).</summary>
public abstract record PromptSegment
{
    private PromptSegment() { }

    /// <param name="Ids">Token ids, taken as they are.</param>
    public sealed record Tokens(ReadOnlyMemory<int> Ids) : PromptSegment;

    /// <param name="Values">Whole rows of the model's width, one row a position.</param>
    public sealed record Embeddings(ReadOnlyMemory<float> Values) : PromptSegment;
}

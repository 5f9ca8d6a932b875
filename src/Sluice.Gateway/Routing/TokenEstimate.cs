using Sluice.Protocol.Requests;

namespace Sluice.Gateway.Routing;

/// <summary>Tokens before anything is tokenised: what limits are charged until the answer says how many there were.</summary>
public static class TokenEstimate
{
    // English text in the tokenizers of today; other scripts have fewer characters a token but more bytes a character.
    private const int BytesPerToken = 4;
    private const int UsualAnswer = 256;

    // Whoever allows a million tokens hardly means them: limits that took them at their word would be spent by one request.
    private const int LongestAnswer = 4096;

    public static int OfPrompt(int bodyBytes) => 1 + (bodyBytes / BytesPerToken);

    public static int OfPrompt(ScoringRequest request) => OfPrompt(
        (request.Prompt?.Text?.Length ?? 0) + ((request.Prompt?.Tokens?.Length ?? 0) * BytesPerToken)
        + (request.Messages?.Sum(message => message.Content?.Length ?? 0) ?? 0) + request.Labels.Sum(label => label.Length));

    /// <param name="head">Null for a request that is answered without text.</param>
    public static int OfAnswer(RequestHead? head) => head is null ? 0 : Math.Clamp(head.MaxTokens ?? UsualAnswer, 0, LongestAnswer);
}

using Sluice.Protocol.Requests;

namespace Sluice.Gateway.Routing;

/// <summary>Tokens before anything is tokenised: what limits are charged until the answer says how many there were.</summary>
public static class TokenEstimate
{
    // English text in the tokenizers of today; other scripts have fewer characters a token but more bytes a character.
    private const int BytesPerToken = 4;
    private const int UsualAnswer = 256;
    private const int LongestAnswer = 1 << 20;

    /// <summary>Prompt and answer.</summary>
    public static int Of(Request request) => OfPrompt(request.Body.Length) + OfAnswer(request.Head);

    public static int OfPrompt(int bodyBytes) => 1 + (bodyBytes / BytesPerToken);

    /// <param name="head">Null for a request that is answered without text.</param>
    public static int OfAnswer(RequestHead? head) => head is null ? 0 : Math.Clamp(head.MaxTokens ?? UsualAnswer, 0, LongestAnswer);
}

namespace Sluice.Engine.Requests;

/// <summary>
/// How likely a token of a text was, from the model's logits as they were: before penalties, temperature and filters, as OpenAI and vLLM
/// report it.
/// </summary>
/// <param name="Token">The token itself.</param>
/// <param name="Best">The most likely ones in its place, best first; as many as the request asked for.</param>
public sealed record TokenScores(TokenScore Token, IReadOnlyList<TokenScore> Best);

namespace Sluice.Engine.Requests;

/// <param name="Token">A token id.</param>
/// <param name="Logprob">Natural logarithm of its probability.</param>
public readonly record struct TokenScore(int Token, float Logprob);

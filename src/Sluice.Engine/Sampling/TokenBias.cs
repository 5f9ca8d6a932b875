namespace Sluice.Engine.Sampling;

/// <param name="Token">A token id.</param>
/// <param name="Bias">Added to its logit; minus infinity forbids it.</param>
public readonly record struct TokenBias(int Token, float Bias);

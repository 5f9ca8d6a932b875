namespace Sluice.Protocol.Sources;

/// <summary>How likely a label is; <see cref="IScoringSource"/> has the formulas.</summary>
/// <param name="Label">As the request spelled it.</param>
/// <param name="Logprob">Natural logarithm of the probability that the answer is this label, whatever else it could be.</param>
/// <param name="Probability">Its share among the request's labels, which together have 1.</param>
public sealed record LabelScore(string Label, double Logprob, double Probability);

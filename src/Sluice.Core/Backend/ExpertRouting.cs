namespace Sluice.Core.Backend;

/// <summary>Softmax over all experts, the best <paramref name="Used"/> of them (lower index wins a tie), weights renormalised to one or not.</summary>
public sealed record ExpertRouting(int Used, bool Renormalise);

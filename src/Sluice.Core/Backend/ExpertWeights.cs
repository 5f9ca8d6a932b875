namespace Sluice.Core.Backend;

/// <summary>One weight per expert: gate and up are hidden x dim, down is dim x hidden.</summary>
public sealed record ExpertWeights(Weight[] Gate, Weight[] Up, Weight[] Down);

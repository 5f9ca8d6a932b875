namespace Sluice.Core.Backend;

/// <summary>One product that shares its input with others: Output = Weight · x + Bias.</summary>
public readonly record struct Projection(Weight Weight, Tensor? Bias, Tensor Output);

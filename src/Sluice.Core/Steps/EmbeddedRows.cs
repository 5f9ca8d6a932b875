namespace Sluice.Core.Steps;

/// <summary>Consecutive rows from <paramref name="FirstRow"/> on whose embeddings are <paramref name="Values"/> (whole rows of the model's width).</summary>
public readonly record struct EmbeddedRows(int FirstRow, ReadOnlyMemory<float> Values);

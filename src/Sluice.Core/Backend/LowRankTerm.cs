namespace Sluice.Core.Backend;

/// <summary>
/// What an adapter adds to one product, for a stretch of rows: Output[r, :] += Scale · Up · (Down · x[r, :]) for the
/// <paramref name="Rows"/> rows from <paramref name="FirstRow"/> on.
/// </summary>
/// <param name="Down">rank x inputs.</param>
/// <param name="Up">outputs x at least rank; columns beyond the rank count as zeros.</param>
public readonly record struct LowRankTerm(Weight Down, Weight Up, float Scale, int FirstRow, int Rows, Tensor Output);

namespace Sluice.Core.Profiling;

/// <summary>What one kind of operation cost.</summary>
/// <param name="Name">The operation, or for a product the names of its weights.</param>
/// <param name="Operations">Multiplications and additions of matrix products (2 · rows · outputs · inputs); 0 for anything else.</param>
/// <param name="WeightBytes">Weights as stored that the products read, once per call; 0 for anything else.</param>
public sealed record ProfiledOperation(string Name, long Calls, TimeSpan Time, long Operations, long WeightBytes);

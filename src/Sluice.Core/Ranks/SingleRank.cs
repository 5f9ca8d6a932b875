using Sluice.Core.Backend;

namespace Sluice.Core.Ranks;

/// <summary>One rank: nothing to say to anybody. Layers skip gathering where the part is the whole.</summary>
public sealed class SingleRank : ICollective
{
    public static SingleRank Instance { get; } = new();

    public int Rank => 0;

    public int Size => 1;

    public void AllReduceSum(Tensor tensor, int rows) { }

    public void AllGatherColumns(Tensor part, int rows, Tensor whole) =>
        throw new InvalidOperationException("with one rank the part is the whole; the caller must not gather");
}

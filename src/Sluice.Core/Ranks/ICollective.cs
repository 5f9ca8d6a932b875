using Sluice.Core.Backend;

namespace Sluice.Core.Ranks;

/// <summary>Communication between the ranks that run one model in lock step. Compute never goes through it, and it never computes beyond the sum.</summary>
public interface ICollective
{
    int Rank { get; }

    int Size { get; }

    /// <summary>Replaces the leading <paramref name="rows"/> rows of <paramref name="tensor"/> on every rank by their sum over the ranks, added in rank order.</summary>
    void AllReduceSum(Tensor tensor, int rows);

    /// <summary>Concatenates each rank's columns, in rank order, into <paramref name="whole"/> on every rank.</summary>
    void AllGatherColumns(Tensor part, int rows, Tensor whole);
}

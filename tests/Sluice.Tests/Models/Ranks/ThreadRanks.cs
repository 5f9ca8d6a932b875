using Sluice.Core.Backend;
using Sluice.Core.Ranks;

namespace Sluice.Tests.Models.Ranks;

/// <summary>Ranks as threads of one process that meet at a barrier: the plainest collective there is.</summary>
internal sealed class ThreadRanks(int size) : IDisposable
{
    private readonly Barrier _barrier = new(size);
    private readonly float[][][] _parts = new float[size][][];

    public ICollective Of(int rank, IBackend backend) => new Member(this, rank, backend);

    public void Dispose() => _barrier.Dispose();

    /// <summary>Everybody's rows, in rank order; valid until the next exchange.</summary>
    private float[][][] Exchange(int rank, float[][] rows)
    {
        _barrier.SignalAndWait(); // nobody reads the previous parts any more
        _parts[rank] = rows;
        _barrier.SignalAndWait();
        return _parts;
    }

    private sealed class Member(ThreadRanks ranks, int rank, IBackend backend) : ICollective
    {
        public int Rank => rank;

        public int Size => ranks._parts.Length;

        public void AllReduceSum(Tensor tensor, int rows)
        {
            float[][][] parts = ranks.Exchange(rank, Rows(tensor, rows));
            for (int r = 0; r < rows; r++)
            {
                var sum = new float[tensor.Cols];
                foreach (float[][] part in parts)
                {
                    for (int c = 0; c < sum.Length; c++)
                        sum[c] += part[r][c];
                }
                backend.Memory.Write(tensor, r, sum);
            }
        }

        public void AllGatherColumns(Tensor part, int rows, Tensor whole)
        {
            float[][][] parts = ranks.Exchange(rank, Rows(part, rows));
            for (int r = 0; r < rows; r++)
                backend.Memory.Write(whole, r, [.. parts.SelectMany(p => p[r])]);
        }

        private float[][] Rows(Tensor tensor, int rows)
        {
            var copy = new float[rows][];
            for (int r = 0; r < rows; r++)
                backend.Memory.Read(tensor, r, copy[r] = new float[tensor.Cols]);
            return copy;
        }
    }
}

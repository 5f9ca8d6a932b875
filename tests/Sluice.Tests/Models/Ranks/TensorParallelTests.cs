using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Core.Ranks;
using Sluice.Cpu;
using Sluice.Engine.Running;
using Sluice.Local;
using Sluice.Models;

namespace Sluice.Tests.Models.Ranks;

/// <summary>A model over several ranks computes what it computes over one: slices, sums and gathers are where they belong.</summary>
public sealed class TensorParallelTests
{
    private static readonly int[] Ids = [3062, 274, 10, 1045, 33, 3063, 10, 3062, 275, 10];

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Logits_OverRanks_EqualThoseOfOne(int size)
    {
        float[][] expected = SingleRankLogits();
        using var ranks = new ThreadRanks(size);
        var results = new float[size][][];
        var threads = Enumerable.Range(0, size).Select(rank => new Thread(() => results[rank] = RankLogits(ranks, rank))).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        foreach (float[][] logits in results)
        {
            for (int p = 0; p < Ids.Length; p++)
            {
                double worst = expected[p].Zip(logits[p]).Max(v => Math.Abs(v.First - v.Second));
                Assert.InRange(worst, 0, 2e-3); // sums of the same products in another order
            }
        }
    }

    private static float[][] SingleRankLogits()
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1 });
        using var backend = device.CreateBackend();
        return Logits(device, backend, SingleRank.Instance);
    }

    private static float[][] RankLogits(ThreadRanks ranks, int rank)
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1 });
        using var backend = device.CreateBackend();
        return Logits(device, backend, ranks.Of(rank, backend));
    }

    private static float[][] Logits(CpuDevice device, IBackend backend, ICollective collective)
    {
        using var package = ModelPackage.Open(ModelLocator.Resolve(ModelLocator.Demo));
        using var model = package.Build(backend, collective);
        var rows = new List<float[]>();
        LogitsProbe.Run(model, backend, device, DType.F32, 0, Ids, 4, (_, logits) => rows.Add([.. logits]));
        return [.. rows];
    }
}

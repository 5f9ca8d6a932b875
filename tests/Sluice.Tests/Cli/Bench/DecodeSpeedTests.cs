using Sluice.Cli.Bench;
using Sluice.Cpu;

namespace Sluice.Tests.Cli.Bench;

public sealed class DecodeSpeedTests
{
    private const long Gigabyte = 1_000_000_000;

    /// <summary>Two tokens of ten gigabytes in half a second are 40 GB/s: 80 % of 50.</summary>
    [Fact]
    public void ShareOf_ASlice_IsWhatItReadOfWhatMemoryGave() =>
        Assert.Equal(0.8, new DecodeSlice(2, TimeSpan.FromSeconds(0.5), 50).ShareOf(10 * Gigabyte), precision: 9);

    [Fact]
    public void OnStep_BeforeEachTokenAndAfterTheLast_CountsTheTokensBetween()
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1 });
        using var bandwidth = new ReadBandwidth(device, 1 << 20);
        const int Tokens = 5;
        var run = new DecodeRun(bandwidth, Tokens);
        for (int step = 0; step < Tokens; step++)
            run.OnStep();
        Assert.Empty(run.Slices); // far from the shortest slice, and not at the end
        for (int step = 0; step < 3; step++)
            run.OnStep();
        var slice = Assert.Single(run.Slices);
        Assert.Equal(Tokens, slice.Tokens);
        Assert.Equal(Tokens / slice.Time.TotalSeconds, run.Tps, precision: 6);
        Assert.True(run.Aside > TimeSpan.Zero);
        var speed = new DecodeSpeed(0, 1000, [run]);
        Assert.Equal(slice.ShareOf(1000), speed.Share);
        Assert.Equal((slice.Gbps, slice.Gbps, slice.Gbps), speed.ReadGbps);
    }
}

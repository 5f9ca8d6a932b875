using Sluice.Cli.Bench;

namespace Sluice.Tests.Cli.Bench;

public sealed class DecodeSpeedTests
{
    private const long Gigabyte = 1_000_000_000;

    /// <summary>Four tokens a second of ten gigabytes are 80 % of 50 GB/s, whatever memory gave during the run across which it changed.</summary>
    [Fact]
    public void Share_MemoryChangedDuringARun_IsThatOfTheOthers()
    {
        var speed = new DecodeSpeed(0, 10 * Gigabyte, [new DecodeRun(4, 50, 50), new DecodeRun(3, 50, 30), new DecodeRun(2, 30, 30), new DecodeRun(4.1, 48, 52)]);
        Assert.Equal(3, speed.Steady);
        Assert.Equal(4, speed.Runs);
        Assert.Equal(0.8, speed.Share, precision: 6);
        Assert.Equal(50, speed.ReadGbps, precision: 6);
        Assert.Equal(3.5, speed.Tps, precision: 6);
    }

    [Fact]
    public void Share_MemoryNeverKeptItsRate_IsOfAllRuns()
    {
        var speed = new DecodeSpeed(0, 10 * Gigabyte, [new DecodeRun(4, 60, 40), new DecodeRun(3, 20, 80)]);
        Assert.Equal(0, speed.Steady);
        Assert.Equal(0.7, speed.Share, precision: 6);
    }
}

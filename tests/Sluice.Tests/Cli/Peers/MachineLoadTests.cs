using Sluice.Cli.Peers;

namespace Sluice.Tests.Cli.Peers;

public sealed class MachineLoadTests
{
    /// <summary>Of 1,000 ticks of two processors 700 idle and 50 waiting for a disk: a quarter of two processors was busy, stolen time among it.</summary>
    [Fact]
    public void BusyBetween_TwoReadings_CountsAllButIdle() => Assert.Equal(
        0.5, MachineLoad.BusyBetween("cpu  100 0 50 1000 10 0 5 7 90 80", "cpu  200 10 100 1700 60 20 15 67 190 90", processors: 2), precision: 9);

    [Fact]
    public void BusyBetween_NoTimePassed_IsNothing() => Assert.Equal(0, MachineLoad.BusyBetween("cpu  1 2 3 4 5 6 7 8", "cpu  1 2 3 4 5 6 7 8", processors: 2));
}

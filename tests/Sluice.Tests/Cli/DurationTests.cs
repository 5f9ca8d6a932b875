using Sluice.Cli.Flags;

namespace Sluice.Tests.Cli;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("1.5h", 5400)]
    [InlineData("45", 45)]
    [InlineData("0.5s", 0.5)]
    public void TryParse_ATime_IsThatLong(string text, double seconds)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan parsed));
        Assert.Equal(TimeSpan.FromSeconds(seconds), parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("0")]
    [InlineData("-5s")]
    [InlineData("10 minutes")]
    [InlineData("1d")]
    [InlineData("1e9")]
    [InlineData("999999h")]
    public void TryParse_NoTime_IsRefused(string text) => Assert.False(Duration.TryParse(text, out _));
}

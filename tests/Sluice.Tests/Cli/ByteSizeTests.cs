using Sluice.Cli.Flags;

namespace Sluice.Tests.Cli;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("1", 1L)]
    [InlineData("100000", 100_000L)]
    [InlineData("512M", 512L << 20)]
    [InlineData("4g", 4L << 30)]
    [InlineData("1.5G", 3L << 29)]
    [InlineData("64KiB", 64L << 10)]
    [InlineData("2TB", 2L << 40)]
    public void TryParse_ASize_IsItsBytes(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out long parsed));
        Assert.Equal(bytes, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("G")]
    [InlineData("4X")]
    [InlineData("4GG")]
    [InlineData("4BB")]
    [InlineData("4 gigs")]
    [InlineData("NaN")]
    [InlineData("9000000T")]
    public void TryParse_NoSize_IsRefused(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData(1000, "1000 bytes")]
    [InlineData(1024, "1 KiB")]
    [InlineData(3L << 29, "1.5 GiB")]
    [InlineData(5L << 50, "5120 TiB")]
    public void Format_ASize_HasTheGreatestUnit(long bytes, string text) => Assert.Equal(text, ByteSize.Format(bytes));
}

using Sluice.Engine.Text;

namespace Sluice.Tests.Engine;

public sealed class StopStringsTests
{
    [Theory]
    [InlineData("hello END world", "END", "hello ")]
    [InlineData("hello EN world", "END", "hello EN world")]
    [InlineData("aaab", "aab", "a")]
    [InlineData("abababac", "abac", "abab")]
    [InlineData("END", "END", "")]
    [InlineData("x\n\ny", "\n\n", "x")]
    public void Append_AnyPieces_EndsBeforeTheStopString(string text, string stop, string expected)
    {
        for (int pieceLength = 1; pieceLength <= text.Length; pieceLength++)
        {
            var stops = new StopStrings([stop]);
            string given = "";
            bool stopped = false;
            for (int i = 0; i < text.Length && !stopped; i += pieceLength)
            {
                given += stops.Append(text[i..Math.Min(text.Length, i + pieceLength)], out stopped);
                Assert.True(expected.StartsWith(given, StringComparison.Ordinal), $"gave '{given}' too early");
            }
            if (!stopped)
                given += stops.Flush();
            Assert.Equal(expected, given);
        }
    }

    [Fact]
    public void Append_SeveralStops_TakesTheFirstInTheText()
    {
        var stops = new StopStrings(["world", "lo"]);
        Assert.Equal("hel", stops.Append("hello world", out bool stopped));
        Assert.True(stopped);
    }
}

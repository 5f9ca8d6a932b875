using Sluice.Cli.Load;

namespace Sluice.Tests.Cli.Load;

public sealed class LengthMixTests
{
    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("64-32")]
    [InlineData("64:0")]
    [InlineData("64:-1")]
    [InlineData("64:1:2")]
    [InlineData("1-2-3")]
    [InlineData("64,")]
    [InlineData("64:1e400")]
    [InlineData("many")]
    [InlineData("99999999999")]
    public void Parse_NoMix_IsNull(string text) => Assert.Null(LengthMix.Parse(text));

    [Theory]
    [InlineData("128")]
    [InlineData("64-256")]
    [InlineData("64-256:3,1024:1")]
    [InlineData("8:0.5,9-10:2")]
    public void Parse_AMix_IsWrittenTheSameWay(string text) => Assert.Equal(text, LengthMix.Parse(text)!.ToString());

    [Fact]
    public void Draw_WeightedRanges_KeepsWeightsAndEnds()
    {
        var mix = LengthMix.Parse("10-19:3,1000:1")!;
        var random = new Random(5);
        var drawn = Enumerable.Range(0, 20_000).Select(_ => mix.Draw(random)).ToList();
        Assert.All(drawn, one => Assert.Equal(one.Tokens == 1000 ? 1 : 0, one.Range));
        Assert.Equal(0.25, drawn.Count(one => one.Tokens == 1000) / 20_000.0, tolerance: 0.015); // five standard deviations
        Assert.Equal(Enumerable.Range(10, 10).Append(1000), drawn.Select(one => one.Tokens).Distinct().Order());
    }
}

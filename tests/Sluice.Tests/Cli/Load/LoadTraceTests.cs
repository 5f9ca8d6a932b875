using Sluice.Cli.Load;

namespace Sluice.Tests.Cli.Load;

public sealed class LoadTraceTests
{
    private static readonly TraceSettings Settings = new()
    {
        Rate = 50,
        Prompt = LengthMix.Parse("64-256")!,
        Output = LengthMix.Parse("8-16")!,
        PrefixTokens = 100,
        Prefixes = 4,
        Seed = 3,
    };

    [Fact]
    public void Draw_EqualSettings_GivesEqualTraces() => Assert.Equal(Take(Settings, 500), Take(Settings with { }, 500));

    [Fact]
    public void Draw_OtherSeed_GivesAnotherTrace() => Assert.NotEqual(Take(Settings, 5), Take(Settings with { Seed = 4 }, 5));

    [Fact]
    public void Draw_OtherRate_GivesTheSameRequestsAtOtherTimes()
    {
        var slow = Take(Settings with { Rate = 5 }, 100);
        Assert.Equal(Take(Settings, 100).Select(request => request with { At = TimeSpan.Zero }),
            slow.Select(request => request with { At = TimeSpan.Zero }));
    }

    /// <summary>
    /// Exponential gaps: their mean and their standard deviation are both 1 / rate, and neighbours do not depend on each other.
    /// </summary>
    [Fact]
    public void Draw_Arrivals_AreAPoissonProcess()
    {
        const int count = 20_000;
        var times = Take(Settings, count).Select(request => request.At.TotalSeconds).ToList();
        double[] gaps = [.. times.Zip(times.Skip(1), (one, next) => next - one)];
        double mean = gaps.Average(), deviation = Math.Sqrt(gaps.Average(gap => (gap - mean) * (gap - mean)));
        Assert.All(gaps, gap => Assert.True(gap >= 0));
        Assert.Equal(0.02, mean, tolerance: 0.02 * 0.04);
        Assert.Equal(0.02, deviation, tolerance: 0.02 * 0.06);
        double correlation = gaps.Zip(gaps.Skip(1), (one, next) => (one - mean) * (next - mean)).Average() / (deviation * deviation);
        Assert.InRange(correlation, -0.04, 0.04);
        Assert.Equal(Math.Exp(-1), gaps.Count(gap => gap > 0.02) / (double)count, tolerance: 0.02); // the tail has the shape too
    }

    [Fact]
    public void Draw_ClosedLoop_HasNoTimes() =>
        Assert.All(Take(Settings with { Rate = null }, 50), request => Assert.Equal(TimeSpan.Zero, request.At));

    [Fact]
    public void Prompts_OfOnePrefix_ShareItAndNothingElse()
    {
        var text = new PromptText(TokenScale.Usual, Settings.Seed, Settings.PrefixTokens);
        int prefixWords = TokenScale.Usual.WordsOf(Settings.PrefixTokens);
        var prompts = Take(Settings, 40).Select(request => (request.Prefix, Words: text.Write(request).Split(' '))).ToList();
        var beginnings = prompts.ToLookup(prompt => prompt.Prefix, prompt => string.Join(' ', prompt.Words.Take(prefixWords)));
        Assert.Equal(4, beginnings.Count);
        Assert.All(beginnings, same => Assert.Single(same.Distinct()));
        Assert.Equal(4, beginnings.SelectMany(same => same).Distinct().Count());
        Assert.Equal(40, prompts.Select(prompt => string.Join(' ', prompt.Words.Skip(prefixWords))).Distinct().Count());
    }

    [Fact]
    public void Prompts_ByAMeasuredScale_HaveTheWantedTokens()
    {
        var scale = TokenScale.Of((8, 20), (136, 212)); // 8 for the template, 1.5 a word
        Assert.Equal((8, 1.5), (scale.Fixed, scale.PerWord));
        var text = new PromptText(scale, Settings.Seed, prefixTokens: 0);
        Assert.All(Take(Settings, 50), request =>
            Assert.InRange(8 + 1.5 * text.Write(request).Split(' ').Length, request.PromptTokens - 1, request.PromptTokens + 1));
    }

    private static List<PlannedRequest> Take(TraceSettings settings, int count) => [.. LoadTrace.Draw(settings).Take(count)];
}

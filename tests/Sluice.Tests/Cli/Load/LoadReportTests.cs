using System.Text.Json;
using System.Xml.Linq;
using Sluice.Cli.Json;
using Sluice.Cli.Load;
using Sluice.Cli.Plots;

namespace Sluice.Tests.Cli.Load;

public sealed class LoadReportTests
{
    private static readonly TraceSettings TwoRanges = LoadRunTests.Trace with { Prompt = LengthMix.Parse("10:1,100:1")! };

    /// <summary>
    /// Ten requests, one a second: request i has its first token after 10 · i ms and four more every 20 ms; the last two fail.
    /// </summary>
    private static readonly MeasuredRequest[] Ten = [.. Enumerable.Range(0, 10).Select(i =>
    {
        TimeSpan due = TimeSpan.FromSeconds(i), first = due + TimeSpan.FromMilliseconds(10 * i);
        TimeSpan[] pieces = [.. Enumerable.Range(0, i < 8 ? 5 : 1).Select(token => first + TimeSpan.FromMilliseconds(20 * token))];
        return new MeasuredRequest(new PlannedRequest(i, due, 10, i % 2, 5, 0, 0), due, due + TimeSpan.FromMilliseconds(1), pieces,
            pieces[^1],
            i < 8 ? new TokenUsage(10, 5, 4) : null, i < 8 ? null : new LoadFailure("HTTP 429", "<later & again>"));
    })];

    [Fact]
    public void Figures_OfKnownRequests_AreTheKnownOnes()
    {
        var report = LoadRunTests.Report(
            Ten, target: new LatencyTarget(TimeSpan.FromMilliseconds(35), TimeSpan.FromMilliseconds(25)), trace: TwoRanges);
        Assert.Equal((10, 8, 10), (report.Requests.Count, report.Answered.Count, report.Ended.Count));
        Assert.Equal([("HTTP 429", 2, "<later & again>")], report.Failures);
        Assert.Equal(35, report.FirstToken.Percentile(50), tolerance: 1e-9);
        Assert.Equal((20, 32), (Math.Round(report.BetweenTokens.Max, 9), report.BetweenTokens.Count));
        Assert.Equal(20, report.PerToken.Mean, tolerance: 1e-9);
        Assert.Equal(150, report.Latency.Max, tolerance: 1e-9);
        Assert.Equal(1, report.Lateness.Mean, tolerance: 1e-9);
        Assert.Equal((8 * 5 + 2) / 10.0, report.OutputTps, tolerance: 1e-9); // what the two that failed had sent arrived too
        Assert.Equal((4, 0.4, 0.4), (report.Good, report.GoodShare, report.Goodput));
        Assert.Equal([30, 40], report.ByPrompt.Select(range => Math.Round(range.FirstToken.Mean, 9)));
        Assert.Equal((80, 32, 40), (report.PromptTokens, report.CachedTokens, report.OutputTokens));
    }

    [Fact]
    public void Target_WithoutFirstToken_IsNotMet()
    {
        var silent = Ten[0] with { Pieces = [] };
        Assert.False(new LatencyTarget(TimeSpan.FromSeconds(9), null).IsMet(silent));
        Assert.True(new LatencyTarget(null, TimeSpan.FromSeconds(9)).IsMet(silent));
        Assert.False(new LatencyTarget(null, null).IsMet(Ten[9]));
    }

    [Fact]
    public void Flow_OverAllBins_KeepsEveryToken()
    {
        var end = TimeSpan.FromSeconds(10);
        double[] flow = TokenFlow.PerSecond(Ten, end, 20);
        Assert.Equal(42, flow.Sum() * 0.5, tolerance: 1e-9);
        Assert.Equal(10, flow[0], tolerance: 1e-9); // five tokens in half a second
        Assert.Equal(0, flow[1]);
    }

    [Fact]
    public void InFlight_OverlappingRequests_CountsThemAtEachMoment()
    {
        MeasuredRequest Lasting(double from, double to) =>
            Ten[0] with { Due = TimeSpan.FromSeconds(from), Ended = TimeSpan.FromSeconds(to) };
        MeasuredRequest[] requests = [Lasting(0, 10), Lasting(2, 5), Lasting(4, 6)];
        Assert.Equal([1, 1, 2, 2, 3, 2, 1, 1, 1, 1], TokenFlow.InFlight(requests, TimeSpan.FromSeconds(10), 10));
    }

    [Fact]
    public void Json_OfAReport_IsWhatTheTableSays()
    {
        var report = LoadRunTests.Report(Ten, target: new LatencyTarget(TimeSpan.FromMilliseconds(35), null), trace: TwoRanges);
        using var json = JsonDocument.Parse(JsonText.Write(writer => LoadJson.Write(report, writer)));
        JsonElement root = json.RootElement;
        Assert.Equal(35, root.GetProperty("ttft_ms").GetProperty("p50").GetDouble());
        Assert.Equal(2, root.GetProperty("failures").GetProperty("HTTP 429").GetInt32());
        Assert.Equal(4.2, root.GetProperty("output_tps").GetDouble());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("concurrency").ValueKind);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("goodput").GetProperty("slo_itl_ms").ValueKind);
        string table = string.Join('\n', LoadTable.Lines(report));
        Assert.Contains("2 x HTTP 429: <later & again>", table, StringComparison.Ordinal);
        Assert.Contains("4 of 10 (40.0 %)", table, StringComparison.Ordinal);
    }

    public static TheoryData<string> Shapes => ["ten", "none", "one", "failed"];

    /// <summary>The page is whole whatever happened, brings what it needs, and shows foreign text as text.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void Page_OfAnyReport_IsWellFormedAndSelfContained(string shape)
    {
        MeasuredRequest[] requests = shape switch { "ten" => Ten, "none" => [], "one" => Ten[..1], _ => Ten[8..] };
        var target = new LatencyTarget(TimeSpan.FromMilliseconds(35), null);
        var report = LoadRunTests.Report(requests, target: target, trace: TwoRanges) with { Model = "<script>" };
        string page = LoadPage.Write(report);
        Assert.StartsWith("<!DOCTYPE html>\n", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(@"(src|href)\s*=|@import|url\(", page);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Infinity", page, StringComparison.Ordinal);
        var main = XElement.Parse(
            page[page.IndexOf("<main>", StringComparison.Ordinal)..(page.IndexOf("</main>", StringComparison.Ordinal) + "</main>".Length)]);
        Assert.Equal(requests.Length, main.Descendants("line").Count(line => (string?)line.Attribute("class") is "waiting"));
    }
}

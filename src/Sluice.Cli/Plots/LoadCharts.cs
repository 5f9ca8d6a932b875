using Sluice.Cli.Load;

namespace Sluice.Cli.Plots;

/// <summary>The charts of a load report.</summary>
internal static class LoadCharts
{
    private const string Nothing = "<p>no request was answered</p>";
    private const int Points = 200;
    private const int MostBins = 120;
    private const int FewestBins = 10;

    // More strokes than there are pixels show nothing more, and a page should open at once.
    private const int MostRequests = 400;

    /// <summary>Which share of the values is at most how large, with the percentiles one looks for.</summary>
    /// <param name="values">In milliseconds.</param>
    /// <param name="limit">The target for these values; null for none.</param>
    public static string Shares(string told, Distribution values, TimeSpan? limit)
    {
        if (values.Count == 0)
            return Nothing;
        double least = values.Percentile(0), most = Math.Max(values.Max, limit?.TotalMilliseconds ?? 0);
        var chart = new Chart(Axis.Around(least, most, "milliseconds"), Axis.FromZero(100, "% of them are at most"));
        double[] percents = [.. Enumerable.Range(0, Points + 1).Select(i => 100.0 * i / Points)];
        var curve = percents.Select(percent => (values.Percentile(percent), percent)).ToList();
        chart.Area([.. curve, (most, 100)], "one");
        chart.Curve(curve.Prepend((least, 0)), "one");
        if (limit is { TotalMilliseconds: var target })
            chart.Rule(target, $"target {Axis.Name(target)}", "target", row: 3);
        int row = 0;
        foreach (int percent in new[] { 50, 95, 99 })
            chart.Rule(values.Percentile(percent), $"p{percent} {Axis.Name(values.Percentile(percent))}", "percentile", row++);
        return chart.ToSvg(told);
    }

    /// <summary>Every request as a stroke: pale while it waits for its first token, full while tokens come.</summary>
    public static string Timeline(LoadReport report)
    {
        var shown = Thinned(report.Requests);
        if (shown.Count == 0)
            return Nothing;
        double end = shown.Max(request => request.Ended.TotalSeconds);
        var chart = new Chart(Axis.FromZero(end, "seconds"), Axis.FromZero(report.Requests.Count, "request"), width: 1120, height: 380);
        double thickness = Math.Clamp(260.0 / shown.Count, 0.7, 6);
        foreach (MeasuredRequest request in shown)
        {
            double due = request.Due.TotalSeconds, ended = request.Ended.TotalSeconds;
            double first = request.Pieces.Count > 0 ? request.Pieces[0].TotalSeconds : ended;
            string told = Describe(request);
            chart.Stroke(due, first, request.Plan.Index, thickness, "waiting", told);
            chart.Stroke(first, ended, request.Plan.Index, thickness, request.Failure is null ? "running" : "failed", told);
            if (request.Failure is not null)
                chart.Dot(ended, request.Plan.Index, "failed", told);
        }
        return chart.ToSvg("Requests over time");
    }

    public static string Throughput(LoadReport report)
    {
        TimeSpan end = EndOf(report);
        return Over(end, TokenFlow.PerSecond(report.Requests, end, BinsOf(end)), "tokens per second", "one");
    }

    public static string InFlight(LoadReport report)
    {
        TimeSpan end = EndOf(report);
        return Over(end, TokenFlow.InFlight(report.Requests, end, BinsOf(end)), "requests at once", "two");
    }

    /// <summary>Each answered request by the length of its prompt and the time to its first token.</summary>
    public static string ByPrompt(LoadReport report)
    {
        var shown = Thinned([.. report.Answered.Where(request => request.FirstToken is not null)]);
        if (shown.Count == 0)
            return Nothing;
        int[] lengths = [.. shown.Select(LengthOf)];
        double[] times = [.. shown.Select(request => request.FirstToken!.Value.TotalMilliseconds)];
        var chart = new Chart(
            Axis.Around(lengths.Min(), lengths.Max(), "prompt tokens"), Axis.Around(times.Min(), times.Max(), "ms to the first token"));
        for (int i = 0; i < shown.Count; i++)
            chart.Dot(lengths[i], times[i], "one", Describe(shown[i]));
        return chart.ToSvg("Time to the first token by length of the prompt");
    }

    private static string Over(TimeSpan end, double[] values, string label, string look)
    {
        var chart = new Chart(Axis.FromZero(end.TotalSeconds, "seconds"), Axis.FromZero(values.Max(), label), height: 210);
        double width = end.TotalSeconds / values.Length;
        var points = values.Select((value, i) => ((i + 0.5) * width, value)).ToList();
        chart.Area(points, look);
        chart.Curve(points, look);
        return chart.ToSvg($"{label} over time");
    }

    /// <summary>Half a second each, as far as that is neither too coarse nor too fine.</summary>
    private static int BinsOf(TimeSpan end) => Math.Clamp((int)(end.TotalSeconds * 2), FewestBins, MostBins);

    private static TimeSpan EndOf(LoadReport report) =>
        report.Requests.Select(request => request.Ended).Append(report.Window).Append(TimeSpan.FromMilliseconds(1)).Max();

    private static IReadOnlyList<MeasuredRequest> Thinned(IReadOnlyList<MeasuredRequest> requests)
    {
        int step = (requests.Count + MostRequests - 1) / MostRequests;
        return step <= 1 ? requests : [.. requests.Where((_, i) => i % step == 0)];
    }

    private static int LengthOf(MeasuredRequest request) =>
        request.Usage is { PromptTokens: > 0 } usage ? usage.PromptTokens : request.Plan.PromptTokens;

    private static string Describe(MeasuredRequest request)
    {
        string first = request.FirstToken is { } time ? $"first token after {time.TotalMilliseconds:0} ms" : "no token";
        string end = request.Failure is { } failure
            ? $"{failure.Kind}: {failure.Message}"
            : $"{request.OutputTokens} tokens, ended after {request.Latency.TotalMilliseconds:0} ms";
        return $"request {request.Plan.Index} at {request.Due.TotalSeconds:0.00} s, prompt of {LengthOf(request)}: {first}; {end}";
    }
}

using System.Net;
using System.Text;
using Sluice.Cli.Load;

namespace Sluice.Cli.Plots;

/// <summary>The tables of a load report's page.</summary>
internal static class LoadTables
{
    private static readonly double[] Percents = [50, 90, 95, 99, 100];

    public static string Latencies(LoadReport report)
    {
        var table = new StringBuilder("<table><tr><th></th><th>mean</th><th>p50</th><th>p90</th><th>p95</th><th>p99</th><th>max</th>");
        table.Append("<th>count</th></tr>\n");
        Row(table, "to the first token", report.FirstToken);
        foreach (var (prompt, firstToken) in report.ByPrompt)
            Row(table, $"… of prompts of {prompt} tokens", firstToken);
        Row(table, "between two tokens", report.BetweenTokens);
        Row(table, "per token after the first, request by request", report.PerToken);
        Row(table, "whole answer", report.Latency);
        Row(table, "generator later than planned (part of all of these)", report.Lateness);
        return table.Append("</table>").ToString();
    }

    public static string Failures(LoadReport report)
    {
        var table = new StringBuilder("<table><tr><th>kind</th><th>count</th><th>first message</th></tr>\n");
        foreach (var (kind, count, message) in report.Failures)
            table.Append($"<tr><td>{Text(kind)}</td><td>{count}</td><td class=\"text\">{Text(message)}</td></tr>\n");
        return table.Append("</table>").ToString();
    }

    public static string Settings(LoadReport report)
    {
        TraceSettings trace = report.Settings.Trace;
        var table = new StringBuilder("<table>\n");
        Fact(table, "arrivals", report.Settings.Mode);
        Fact(table, "prompts", $"{trace.Prompt} tokens of their own");
        if (trace.PrefixTokens > 0)
            Fact(table, "shared prefixes", $"{trace.Prefixes} of {trace.PrefixTokens} tokens");
        Fact(table, "answers", $"at most {trace.Output} tokens");
        Fact(table, "seed", $"{trace.Seed}");
        if (report.Settings.Target.IsSet)
            Fact(table, "target",
                $"{report.Settings.Target}: {report.Good} of {report.Ended.Count} requests, {report.Goodput:0.00} per second");
        Fact(table, "prompt tokens", $"{report.PromptTokens}, of which {report.CachedTokens} came from a cache");
        Fact(table, "tokens generated", $"{report.OutputTokens}");
        return table.Append("</table>").ToString();
    }

    private static void Row(StringBuilder table, string name, Distribution distribution)
    {
        table.Append($"<tr><td>{Text(name)}</td>{Cell(distribution.Mean)}");
        foreach (double percent in Percents)
            table.Append(Cell(distribution.Percentile(percent)));
        table.Append($"<td>{distribution.Count}</td></tr>\n");
    }

    private static string Cell(double value) => $"<td>{(double.IsNaN(value) ? "–" : value < 100 ? $"{value:0.00}" : $"{value:0.0}")}</td>";

    private static void Fact(StringBuilder table, string name, string value) =>
        table.Append($"<tr><td>{Text(name)}</td><td class=\"text\">{Text(value)}</td></tr>\n");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

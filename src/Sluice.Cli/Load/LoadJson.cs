using System.Text.Json;

namespace Sluice.Cli.Load;

/// <summary>A report as one JSON object. Times are in milliseconds unless their names say otherwise.</summary>
internal static class LoadJson
{
    private static readonly (string Name, double Percent)[] Percents = [("p50", 50), ("p90", 90), ("p95", 95), ("p99", 99), ("max", 100)];

    public static void Write(LoadReport report, Utf8JsonWriter writer)
    {
        TraceSettings trace = report.Settings.Trace;
        writer.WriteStartObject();
        writer.WriteString("url", report.Url.AbsoluteUri);
        writer.WriteString("model", report.Model);
        WriteNumber(writer, "rate", trace.Rate ?? double.NaN);
        WriteNumber(writer, "concurrency", report.Settings.Concurrency ?? double.NaN);
        writer.WriteNumber("seconds", Math.Round(report.Window.TotalSeconds, 3));
        writer.WriteNumber("seed", trace.Seed);
        writer.WriteString("prompt_lengths", trace.Prompt.ToString());
        writer.WriteString("output_lengths", trace.Output.ToString());
        writer.WriteNumber("prefix_length", trace.PrefixTokens);
        writer.WriteNumber("prefixes", trace.Prefixes);
        writer.WriteBoolean("interrupted", report.Interrupted);
        writer.WriteNumber("requests", report.Requests.Count);
        writer.WriteNumber("answered", report.Answered.Count);
        writer.WriteStartObject("failures");
        foreach (var (kind, count, _) in report.Failures)
            writer.WriteNumber(kind, count);
        writer.WriteEndObject();
        WriteNumber(writer, "output_tps", report.OutputTps);
        WriteNumber(writer, "requests_per_second", report.RequestRate);
        writer.WriteNumber("prompt_tokens", report.PromptTokens);
        writer.WriteNumber("cached_tokens", report.CachedTokens);
        writer.WriteNumber("output_tokens", report.OutputTokens);
        WriteDistribution(writer, "ttft_ms", report.FirstToken);
        WriteDistribution(writer, "itl_ms", report.BetweenTokens);
        WriteDistribution(writer, "tpot_ms", report.PerToken);
        WriteDistribution(writer, "latency_ms", report.Latency);
        WriteDistribution(writer, "generator_late_ms", report.Lateness);
        writer.WriteStartArray("by_prompt_length");
        foreach (var (prompt, firstToken) in report.ByPrompt)
        {
            writer.WriteStartObject();
            writer.WriteString("prompt", prompt.ToString());
            WriteDistribution(writer, "ttft_ms", firstToken);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        WriteGoodput(writer, report);
        writer.WriteStartArray("notes");
        foreach (string doubt in LoadTable.Doubts(report))
            writer.WriteStringValue(doubt);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteGoodput(Utf8JsonWriter writer, LoadReport report)
    {
        LatencyTarget target = report.Settings.Target;
        if (!target.IsSet)
            return;
        writer.WriteStartObject("goodput");
        WriteNumber(writer, "slo_ttft_ms", target.FirstToken?.TotalMilliseconds ?? double.NaN);
        WriteNumber(writer, "slo_itl_ms", target.PerToken?.TotalMilliseconds ?? double.NaN);
        writer.WriteNumber("requests", report.Good);
        WriteNumber(writer, "share", report.GoodShare);
        WriteNumber(writer, "requests_per_second", report.Goodput);
        writer.WriteEndObject();
    }

    private static void WriteDistribution(Utf8JsonWriter writer, string name, Distribution distribution)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("count", distribution.Count);
        WriteNumber(writer, "mean", distribution.Mean);
        foreach (var (percentile, percent) in Percents)
            WriteNumber(writer, percentile, distribution.Percentile(percent));
        writer.WriteEndObject();
    }

    /// <summary>Null for what there is no figure for.</summary>
    private static void WriteNumber(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsNaN(value))
            writer.WriteNull(name);
        else
            writer.WriteNumber(name, Math.Round(value, 3));
    }
}

using System.Net;
using System.Text;
using Sluice.Cli.Load;

namespace Sluice.Cli.Plots;

/// <summary>A load report as one page: figures, charts, tables. It loads nothing from anywhere.</summary>
internal static class LoadPage
{
    private const string Look = """
        :root { --paper:#fbfbf9; --card:#fff; --ink:#1d2430; --soft:#667085; --grid:#e7e8ec;
          --one:#2f6fdb; --two:#0f9d8a; --bad:#d8413a; --target:#c77a00; }
        @media (prefers-color-scheme: dark) {
          :root { --paper:#12151b; --card:#1a1f28; --ink:#e8ebf1; --soft:#98a2b3; --grid:#2a313d;
            --one:#6aa2ff; --two:#3fc9b3; --bad:#ff7a70; --target:#f0ad4e; }
        }
        * { box-sizing:border-box }
        body { margin:0; background:var(--paper); color:var(--ink); font:15px/1.5 system-ui,sans-serif }
        main { max-width:1120px; margin:0 auto; padding:32px 20px 48px }
        h1 { font-size:24px; margin:0 0 4px }
        h2 { font-size:15px; margin:0 0 8px }
        p { margin:0 0 6px; color:var(--soft) }
        .tiles { display:grid; grid-template-columns:repeat(auto-fit,minmax(200px,1fr)); gap:12px; margin:24px 0 }
        .tile,.card { background:var(--card); border:1px solid var(--grid); border-radius:10px; padding:14px 16px }
        .tile b { display:block; font-size:24px; line-height:1.25 }
        .tile span { color:var(--soft); font-size:13px }
        .charts { display:grid; grid-template-columns:repeat(auto-fit,minmax(440px,1fr)); gap:16px }
        .wide { grid-column:1/-1 }
        .bad { color:var(--bad) }
        svg { width:100%; height:auto; display:block }
        svg text { fill:var(--soft); font:12px system-ui,sans-serif }
        svg text.target { fill:var(--target) }
        .grid { stroke:var(--grid) }
        .curve { fill:none; stroke-width:1.8; stroke-linejoin:round }
        .curve.one { stroke:var(--one) }
        .curve.two { stroke:var(--two) }
        .area { opacity:.14 }
        .area.one { fill:var(--one) }
        .area.two { fill:var(--two) }
        circle.one { fill:var(--one); opacity:.55 }
        circle.failed { fill:var(--bad) }
        .rule { stroke-dasharray:3 3 }
        .rule.percentile { stroke:var(--soft) }
        .rule.target { stroke:var(--target) }
        line.waiting,line.running,line.failed { stroke:var(--one); stroke-linecap:round }
        line.waiting { opacity:.28 }
        line.failed { stroke:var(--bad) }
        table { border-collapse:collapse; width:100%; font-variant-numeric:tabular-nums }
        th,td { text-align:right; padding:5px 8px; border-bottom:1px solid var(--grid) }
        th { color:var(--soft); font-weight:500 }
        td:first-child,th:first-child,td.text { text-align:left }
        """;

    public static string Write(LoadReport report)
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
        page.Append($"<title>Load on {Text(report.Model)}</title>\n<style>\n{Look}\n</style>\n</head>\n<body>\n<main>\n");
        WriteHead(page, report);
        WriteTiles(page, report);
        page.Append("<div class=\"charts\">\n");
        LatencyTarget target = report.Settings.Target;
        Card(page, "Time to the first token", LoadCharts.Shares("Time to the first token", report.FirstToken, target.FirstToken));
        Card(page, "Time between tokens", LoadCharts.Shares("Time between tokens", report.BetweenTokens, target.PerToken));
        Card(page, "Every request: pale while it waits for its first token", LoadCharts.Timeline(report), wide: true);
        Card(page, "Tokens that arrived", LoadCharts.Throughput(report));
        Card(page, "Requests at once", LoadCharts.InFlight(report));
        Card(page, "First token by length of the prompt", LoadCharts.ByPrompt(report));
        Card(page, "Whole answers", LoadCharts.Shares("Time of whole answers", report.Latency, null));
        Card(page, "Milliseconds", LoadTables.Latencies(report), wide: true);
        if (report.Failures.Count > 0)
            Card(page, "Failures", LoadTables.Failures(report), wide: true);
        Card(page, "The load", LoadTables.Settings(report), wide: true);
        return page.Append("</div>\n</main>\n</body>\n</html>\n").ToString();
    }

    private static void WriteHead(StringBuilder page, LoadReport report)
    {
        page.Append($"<h1>{Text(report.Model)} under load</h1>\n");
        page.Append($"<p>{Text(report.Url.AbsoluteUri)} · {Text(report.Settings.Mode)} · {report.Window.TotalSeconds:0.#} s");
        page.Append(report.Interrupted ? " · <span class=\"bad\">broken off</span></p>\n" : "</p>\n");
        foreach (string doubt in LoadTable.Doubts(report))
            page.Append($"<p class=\"bad\">{Text(doubt)}</p>\n");
    }

    private static void WriteTiles(StringBuilder page, LoadReport report)
    {
        page.Append("<div class=\"tiles\">\n");
        Tile(page, $"{report.OutputTps:0.0}", "tokens per second");
        Tile(page, $"{report.RequestRate:0.00}", "requests per second");
        Tile(page, Milliseconds(report.FirstToken.Percentile(50)), "first token, p50");
        Tile(page, Milliseconds(report.FirstToken.Percentile(99)), "first token, p99");
        Tile(page, Milliseconds(report.BetweenTokens.Percentile(50)), "between tokens, p50");
        Tile(page, Milliseconds(report.BetweenTokens.Percentile(99)), "between tokens, p99");
        if (report.Settings.Target.IsSet && report.Ended.Count > 0)
            Tile(page, $"{report.GoodShare:P1}", "within the target");
        int failed = report.Ended.Count - report.Answered.Count;
        Tile(page, $"{failed}", $"of {report.Requests.Count} requests failed", failed > 0 ? "bad" : "");
        page.Append("</div>\n");
    }

    private static void Tile(StringBuilder page, string figure, string name, string look = "") =>
        page.Append($"<div class=\"tile\"><b class=\"{look}\">{figure}</b><span>{Text(name)}</span></div>\n");

    private static void Card(StringBuilder page, string title, string content, bool wide = false) =>
        page.Append($"<section class=\"card{(wide ? " wide" : "")}\"><h2>{Text(title)}</h2>\n{content}\n</section>\n");

    private static string Milliseconds(double value) =>
        double.IsNaN(value) ? "–" : value < 1000 ? $"{value:0.#} ms" : $"{value / 1000:0.##} s";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

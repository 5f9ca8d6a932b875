namespace Sluice.Cli.Load;

/// <summary>A report as lines of text.</summary>
internal static class LoadTable
{
    private static readonly double[] Percents = [50, 90, 95, 99, 100];

    public static IEnumerable<string> Lines(LoadReport report)
    {
        LoadSettings settings = report.Settings;
        string end = report.Interrupted ? ", broken off" : "";
        yield return $"{report.Model} at {report.Url}: {settings.Mode}, for {report.Window.TotalSeconds:0.#} s{end}";
        TraceSettings trace = settings.Trace;
        yield return $"prompts of {trace.Prompt} tokens{Prefixes(trace)}, answers of at most {trace.Output}, seed {trace.Seed}";
        yield return $"{report.Requests.Count} requests: {report.Answered.Count} answered"
            + $", {report.Ended.Count - report.Answered.Count} failed"
            + (report.Requests.Count > report.Ended.Count ? $", {report.Requests.Count - report.Ended.Count} broken off" : "");
        yield return $"{report.OutputTps:0.0} tokens/s, {report.RequestRate:0.00} requests/s; {report.PromptTokens} prompt tokens"
            + $" ({report.CachedTokens} cached), {report.OutputTokens} generated";
        foreach (var (kind, count, message) in report.Failures)
            yield return $"  {count} x {kind}: {message}";
        yield return "";
        yield return $"{"ms",-22}{"mean",10}{"p50",10}{"p90",10}{"p95",10}{"p99",10}{"max",10}{"count",9}";
        yield return Row("first token", report.FirstToken);
        foreach (var (prompt, firstToken) in report.ByPrompt)
            yield return Row($"  of prompts {prompt}", firstToken);
        yield return Row("between tokens", report.BetweenTokens);
        yield return Row("per token, a request", report.PerToken);
        yield return Row("whole answer", report.Latency);
        if (settings.Concurrency is null)
            yield return Row("generator was late", report.Lateness);
        if (settings.Target.IsSet)
        {
            string share = $"{report.Good} of {report.Ended.Count} ({report.GoodShare:P1})";
            yield return $"{Environment.NewLine}goodput {report.Goodput:0.00} requests/s: {share} with the {settings.Target}";
        }
        foreach (string doubt in Doubts(report))
            yield return $"{Environment.NewLine}note: {doubt}";
    }

    /// <summary>What a reader has to know before believing the figures.</summary>
    public static IEnumerable<string> Doubts(LoadReport report)
    {
        if (report.Settings.Concurrency is null && report.Lateness.Percentile(99) is var late && late > 10)
        {
            yield return $"the generator itself sent 1 % of the requests {late:0} ms late or more; that is part of every latency here: " +
                "give it a processor of its own.";
        }
        if (report.Answered.Any(request => request.Usage is null))
            yield return "the server reports no usage: tokens are counted as pieces of text, and the lengths of prompts are guessed.";
        else if (!report.Scale.Measured)
            yield return "the lengths of prompts are guessed: the server did not tell what words come to in tokens.";
    }

    private static string Prefixes(TraceSettings trace) => trace switch
    {
        { PrefixTokens: 0 } => "",
        { Prefixes: 1 } => $" behind a shared prefix of {trace.PrefixTokens}",
        _ => $" behind one of {trace.Prefixes} shared prefixes of {trace.PrefixTokens}",
    };

    private static string Row(string name, Distribution distribution)
    {
        string percentiles = string.Concat(Percents.Select(percent => Number(distribution.Percentile(percent))));
        return $"{name,-22}{Number(distribution.Mean)}{percentiles}{distribution.Count,9}";
    }

    private static string Number(double value) => $"{(double.IsNaN(value) ? "-" : value < 100 ? $"{value:0.00}" : $"{value:0.0}"),10}";
}

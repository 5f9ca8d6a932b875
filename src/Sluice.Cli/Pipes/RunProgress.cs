using System.Globalization;
using System.Text.Json;
using Sluice.Cli.Flags;
using Sluice.Cli.Json;
using Sluice.Cli.Streams;
using Sluice.Pipe.Flow;
using Sluice.Pipe.Reports;

namespace Sluice.Cli.Pipes;

/// <summary>Shows how far a run is, on standard error.</summary>
/// <param name="inputBytes">Length of the input; null where nobody knows.</param>
internal sealed class RunProgress(Terminal terminal, PipeRun run, ProgressKind kind, long? inputBytes, TimeProvider time)
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AsJson = TimeSpan.FromSeconds(1);

    private readonly long _began = time.GetTimestamp();
    private readonly Eta? _eta = inputBytes is { } total ? new Eta(total, time) : null;

    public TimeSpan Elapsed => time.GetElapsedTime(_began);

    /// <summary>Runs until it is cancelled, and then takes its line away.</summary>
    /// <param name="lineIsFree">Whether the terminal's line is this one's to use; else what is shown there is the answers.</param>
    public async Task ShowAsync(bool lineIsFree, CancellationToken cancellation)
    {
        bool inPlace = kind == ProgressKind.Auto && terminal.ErrorIsTerminal;
        if (kind == ProgressKind.None || (inPlace && !lineIsFree))
            return;
        using var timer = new PeriodicTimer(kind == ProgressKind.Json ? AsJson : inPlace ? OnTerminal : Elsewhere, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
                Show(inPlace);
        }
        catch (OperationCanceledException)
        {
            if (inPlace)
                terminal.Error.Write("\r\u001b[K");
        }
    }

    /// <summary>The last word on a run.</summary>
    public void Sum(StopReason reason)
    {
        if (kind == ProgressKind.Json)
            terminal.Error.WriteLine(JsonText.Write(writer => Write(writer, reason, fault: null)));
        else
            terminal.Say(Line(final: true));
    }

    /// <summary>All figures of a run as one JSON object.</summary>
    /// <param name="reason">Why it ended; null while it goes on, and where it broke off.</param>
    /// <param name="fault">Why it broke off; null where it did not.</param>
    public void Write(Utf8JsonWriter writer, StopReason? reason, string? fault)
    {
        Tally tally = run.Tally;
        writer.WriteStartObject();
        if (reason is { } ended)
            writer.WriteString("ended", JsonNamingPolicy.KebabCaseLower.ConvertName(ended.ToString()));
        if (fault is not null)
            writer.WriteString("fault", fault);
        writer.WriteNumber("read", tally.Read);
        writer.WriteNumber("bytes_read", tally.BytesRead);
        if (inputBytes is { } total)
            writer.WriteNumber("bytes_total", total);
        if (reason is null && fault is null && _eta?.Observe(tally) is { } left)
            writer.WriteNumber("eta_seconds", Math.Round(left.TotalSeconds, 1));
        writer.WriteNumber("succeeded", tally.Answered);
        writer.WriteNumber("failed", tally.Failed);
        writer.WriteNumber("blank", tally.Blank);
        writer.WriteNumber("empty", tally.Empty);
        writer.WriteNumber("truncated", tally.Truncated);
        writer.WriteNumber("kept", tally.Kept);
        writer.WriteNumber("asked", tally.Asked);
        writer.WriteNumber("calls", tally.Calls);
        writer.WriteNumber("journaled", tally.Journaled);
        writer.WriteNumber("shared", tally.Shared);
        writer.WriteNumber("in_flight", run.InFlight);
        writer.WriteNumber("prompt_tokens", tally.PromptTokens);
        writer.WriteNumber("cached_tokens", tally.CachedTokens);
        writer.WriteNumber("computed_tokens", tally.PromptTokens - tally.CachedTokens);
        writer.WriteNumber("completion_tokens", tally.CompletionTokens);
        writer.WriteNumber("cost_usd", Math.Round(tally.Cost, 6));
        writer.WriteNumber("seconds", Math.Round(Elapsed.TotalSeconds, 3));
        writer.WriteNumber("records_per_second", Math.Round(tally.Ended / Math.Max(1e-3, Elapsed.TotalSeconds), 2));
        writer.WriteEndObject();
    }

    private void Show(bool inPlace)
    {
        if (kind == ProgressKind.Json)
            terminal.Error.WriteLine(JsonText.Write(writer => Write(writer, reason: null, fault: null)));
        else if (inPlace)
            terminal.Error.Write($"\rsluice: {Line(final: false)}\u001b[K");
        else
            terminal.Say(Line(final: false));
    }

    private string Line(bool final)
    {
        Tally tally = run.Tally;
        double seconds = Math.Max(1e-3, Elapsed.TotalSeconds);
        var parts = new List<string> { $"{tally.Ended} records: {tally.Answered} succeeded, {tally.Failed} failed" };
        Add(parts, tally.Blank, "blank");
        Add(parts, tally.Empty, "with empty answers");
        Add(parts, tally.Truncated, "truncated");
        Add(parts, tally.Journaled, "from the journal");
        Add(parts, tally.Shared, "with the answer of another");
        if (!final)
            parts.Add($"{run.InFlight} in flight");
        string text = string.Join(", ", parts);
        text += string.Create(CultureInfo.InvariantCulture, $" · {tally.PromptTokens} tokens in, {tally.CompletionTokens} out");
        if (tally.Cost > 0)
            text += string.Create(CultureInfo.InvariantCulture, $" · {tally.Cost:0.0000} USD");
        text += string.Create(CultureInfo.InvariantCulture, $" · {tally.Ended / seconds:0.0} records/s · {seconds:0.0} s");
        return final || _eta is null ? text : text + Ahead(_eta);
    }

    /// <summary>What of the input is read, and when the rest will be done.</summary>
    private string Ahead(Eta eta)
    {
        double share = 100.0 * run.Tally.BytesRead / eta.TotalBytes;
        string left = eta.Observe(run.Tally) is { } time
            ? $" · {Duration.Format(TimeSpan.FromSeconds(Math.Round(time.TotalSeconds)))} left" : "";
        return string.Create(CultureInfo.InvariantCulture, $" · {share:0} % of the input read{left}");
    }

    private static void Add(List<string> parts, long count, string what)
    {
        if (count > 0)
            parts.Add($"{count} {what}");
    }
}

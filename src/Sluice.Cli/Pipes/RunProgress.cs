using System.Globalization;
using System.Text.Json;
using Sluice.Cli.Json;
using Sluice.Cli.Streams;
using Sluice.Pipe.Flow;
using Sluice.Pipe.Reports;

namespace Sluice.Cli.Pipes;

/// <summary>Shows how far a run is, on standard error.</summary>
internal sealed class RunProgress(Terminal terminal, PipeRun run, ProgressKind kind, TimeProvider time)
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AsJson = TimeSpan.FromSeconds(1);

    private readonly long _began = time.GetTimestamp();

    public TimeSpan Elapsed => time.GetElapsedTime(_began);

    /// <summary>Runs until it is cancelled, and then takes its line away.</summary>
    public async Task ShowAsync(CancellationToken cancellation)
    {
        bool inPlace = kind == ProgressKind.Auto && terminal.ErrorIsTerminal;
        if (kind == ProgressKind.None)
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
            terminal.Error.WriteLine(JsonText.Write(writer => Write(writer, reason)));
        else
            terminal.Say(Line(final: true));
    }

    /// <summary>All figures of a run as one JSON object.</summary>
    /// <param name="reason">Why it ended; null while it goes on.</param>
    public void Write(Utf8JsonWriter writer, StopReason? reason)
    {
        Tally tally = run.Tally;
        writer.WriteStartObject();
        if (reason is { } ended)
            writer.WriteString("ended", JsonNamingPolicy.KebabCaseLower.ConvertName(ended.ToString()));
        writer.WriteNumber("read", tally.Read);
        writer.WriteNumber("succeeded", tally.Answered);
        writer.WriteNumber("failed", tally.Failed);
        writer.WriteNumber("blank", tally.Blank);
        writer.WriteNumber("empty", tally.Empty);
        writer.WriteNumber("truncated", tally.Truncated);
        writer.WriteNumber("kept", tally.Kept);
        writer.WriteNumber("asked", tally.Asked);
        writer.WriteNumber("journaled", tally.Journaled);
        writer.WriteNumber("shared", tally.Shared);
        writer.WriteNumber("in_flight", run.InFlight);
        writer.WriteNumber("prompt_tokens", tally.PromptTokens);
        writer.WriteNumber("completion_tokens", tally.CompletionTokens);
        writer.WriteNumber("cost_usd", Math.Round(tally.Cost, 6));
        writer.WriteNumber("seconds", Math.Round(Elapsed.TotalSeconds, 3));
        writer.WriteNumber("records_per_second", Math.Round(tally.Ended / Math.Max(1e-3, Elapsed.TotalSeconds), 2));
        writer.WriteEndObject();
    }

    private void Show(bool inPlace)
    {
        if (kind == ProgressKind.Json)
            terminal.Error.WriteLine(JsonText.Write(writer => Write(writer, null)));
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
        return text + string.Create(CultureInfo.InvariantCulture, $" · {tally.Ended / seconds:0.0} records/s · {seconds:0.0} s");
    }

    private static void Add(List<string> parts, long count, string what)
    {
        if (count > 0)
            parts.Add($"{count} {what}");
    }
}

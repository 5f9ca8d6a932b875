using Sluice.Cli.Streams;
using Sluice.Core.Errors;

namespace Sluice.Cli.Load;

/// <summary>One load run from the first look at the server to the report.</summary>
/// <param name="model">Null takes the first that the server lists.</param>
internal sealed class LoadBench(Terminal terminal, LoadTarget target, LoadSettings settings, string? model)
{
    private const int FewWords = 8;
    private const int ManyWords = 136;

    /// <summary>Broken off by <paramref name="cancellation"/> once requests are sent, it reports what it has.</summary>
    /// <exception cref="SluiceException">The server cannot be reached or does not answer at all.</exception>
    public async Task<LoadReport> RunAsync(CancellationToken cancellation)
    {
        string asked = model ?? await target.FindModelAsync(cancellation);
        TokenScale scale = await MeasureScaleAsync(asked, cancellation);
        var text = new PromptText(scale, settings.Trace.Seed, settings.Trace.PrefixTokens);
        terminal.Say(
            $"{settings.Mode} to {asked} at {target.Url} for {settings.Duration.TotalSeconds:0.#} s (Ctrl-C ends with what there is)");

        var clock = new LoadClock();
        var run = new LoadRun(clock, plan => target.WriteBody(asked, text.Write(plan), plan.OutputTokens), target.SendAsync);
        var trace = LoadTrace.Draw(settings.Trace);
        using (new LoadProgress(terminal, run, settings.Duration))
        {
            await (settings.Concurrency is { } clients
                ? run.RunClosedAsync(trace, clients, settings.Duration, cancellation)
                : run.RunOpenAsync(trace, settings.Duration, cancellation));
        }
        TimeSpan window = clock.Now < settings.Duration ? clock.Now : settings.Duration;
        return new LoadReport(settings, target.Url, asked, scale, run.Measured, window, cancellation.IsCancellationRequested);
    }

    /// <summary>Two small requests before the run: do they work at all, and what do words come to in this server's tokens?</summary>
    private async Task<TokenScale> MeasureScaleAsync(string asked, CancellationToken cancellation)
    {
        int? few = await CountAsync(FewWords), many = await CountAsync(ManyWords);
        return few is { } less && many is { } more ? TokenScale.Of((FewWords, less), (ManyWords, more)) : TokenScale.Usual;

        async Task<int?> CountAsync(int words)
        {
            byte[] body = target.WriteBody(asked, PromptText.WriteWords(words, settings.Trace.Seed), maxTokens: 1);
            StreamedAnswer answer = await target.SendAsync(body, new LoadClock(), cancellation);
            cancellation.ThrowIfCancellationRequested();
            if (answer.Failure is { } failure)
                throw new SluiceException($"{target.Url} does not answer a first request for '{asked}': {failure.Kind}: {failure.Message}");
            return answer.Usage?.PromptTokens;
        }
    }
}

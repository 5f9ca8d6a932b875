using System.Diagnostics;
using Sluice.Core.Errors;
using Sluice.Engine;
using Sluice.Engine.Adapters;
using Sluice.Engine.Requests;

namespace Sluice.Cli.Bench;

/// <summary>Measures an engine through its own front door: queue, scheduler, sampling and all, greedy, with nothing that ends an answer early.</summary>
/// <param name="adapters">What sequences that step together answer through, in turn; empty for none.</param>
internal sealed class SpeedTest(LlmEngine engine, int vocabulary, int runs, EngineAdapter?[] adapters)
{
    /// <summary>Called after the run to warm up, before those that count.</summary>
    public Action? Warmed { get; set; }

    /// <summary>How long the runs took that counted last.</summary>
    public TimeSpan Measured { get; private set; }

    /// <summary>Tokens per second through a prompt, to its first token; the median of the runs after one to warm up.</summary>
    public Task<double> PrefillAsync(int promptTokens, CancellationToken cancellation) => MedianAsync(async () =>
    {
        long began = Stopwatch.GetTimestamp();
        await foreach (GenerationEvent e in Submit(promptTokens, 1).ReadAllAsync(cancellation))
            ThrowIfFailed(e);
        return promptTokens / Stopwatch.GetElapsedTime(began).TotalSeconds;
    });

    /// <summary>
    /// Tokens per second of some sequences that step together, over all of them, after a prompt of one token and <paramref name="depth"/> more. The clock
    /// starts once every sequence has given its first token.
    /// </summary>
    public Task<double> DecodeAsync(int sequences, int depth, int tokens, CancellationToken cancellation) =>
        MedianAsync(() => DecodeOnceAsync(sequences, depth, tokens, cancellation));

    /// <summary>The same of one sequence, run by run, with what <paramref name="limit"/> gives before and after each.</summary>
    public async Task<DecodeRun[]> DecodeBesideAsync(int depth, int tokens, Func<double> limit, CancellationToken cancellation)
    {
        var limits = new List<double>();
        double[] speeds = await RunsAsync(() => DecodeOnceAsync(1, depth, tokens, cancellation), () => limits.Add(limit()));
        return [.. speeds.Select((speed, i) => new DecodeRun(speed, limits[i], limits[i + 1]))];
    }

    private async Task<double> DecodeOnceAsync(int sequences, int depth, int tokens, CancellationToken cancellation)
    {
        var given = await Task.WhenAll(Enumerable.Range(0, sequences)
            .Select(i => ReadTimesAsync(Submit(1 + depth, tokens + 1, i), cancellation)).ToArray());
        long began = given.Max(times => times[0]), ended = given.Max(times => times[^1]);
        int counted = given.Sum(times => times.Count(time => time > began));
        return counted / Stopwatch.GetElapsedTime(began, ended).TotalSeconds;
    }

    private static async Task<List<long>> ReadTimesAsync(Generation generation, CancellationToken cancellation)
    {
        var times = new List<long>();
        await foreach (GenerationEvent e in generation.ReadAllAsync(cancellation))
        {
            ThrowIfFailed(e);
            if (e.Finish is null)
                times.Add(Stopwatch.GetTimestamp());
        }
        return times;
    }

    private static void ThrowIfFailed(GenerationEvent e)
    {
        if (e.Finish is FinishReason.Failed or FinishReason.Shutdown)
            throw new SluiceException(e.Fault?.Message ?? "the engine stopped");
    }

    private async Task<double> MedianAsync(Func<Task<double>> measure) => Medians.Of(await RunsAsync(measure));

    /// <param name="between">Called before the runs that count, between them and after them.</param>
    private async Task<double[]> RunsAsync(Func<Task<double>> measure, Action? between = null)
    {
        await measure();
        Warmed?.Invoke();
        Measured = TimeSpan.Zero;
        var figures = new double[runs];
        between?.Invoke();
        for (int i = 0; i < runs; i++)
        {
            long began = Stopwatch.GetTimestamp();
            figures[i] = await measure();
            Measured += Stopwatch.GetElapsedTime(began);
            between?.Invoke();
        }
        return figures;
    }

    /// <param name="number">Among those that step together.</param>
    private Generation Submit(int promptTokens, int maxTokens, int number = 0)
    {
        var adapter = adapters.Length == 0 ? null : adapters[number % adapters.Length];
        // Any ids do; spread out, so that embedding rows are read from memory as in earnest.
        var ids = new int[promptTokens];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = (int)(((long)i * 7919 + 256) % vocabulary);
        var request = new GenerationRequest { Prompt = engine.Prepare([new PromptSegment.Tokens(ids)], adapter: adapter), MaxTokens = maxTokens };
        SubmitOutcome outcome = engine.TrySubmit(request, out Generation? generation);
        return outcome == SubmitOutcome.Accepted
            ? generation!
            : throw new SluiceException($"{promptTokens} + {maxTokens} tokens do not fit the context of {engine.Options.ContextTokens}: lower -p, -d or -n");
    }
}

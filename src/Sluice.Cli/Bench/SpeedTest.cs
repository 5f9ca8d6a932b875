using System.Diagnostics;
using Sluice.Core.Errors;
using Sluice.Cpu;
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

    /// <summary>The same of one sequence, with the memory measured between slices of each run.</summary>
    /// <param name="context">Stands around the model, and so sees its steps.</param>
    public async Task<DecodeRun[]> DecodeBesideAsync(ReadBandwidth bandwidth, FilledContext context, int depth, int tokens, CancellationToken cancellation)
    {
        DecodeRun[] decoded = await RunsAsync(async () =>
        {
            var run = new DecodeRun(bandwidth, tokens);
            context.Decoding = run.OnStep;
            await ReadTimesAsync(Submit(1 + depth, tokens + 2), cancellation); // a first one and a last one: tokens are counted between steps
            return run;
        });
        context.Decoding = null;
        Measured -= new TimeSpan(decoded.Sum(run => run.Aside.Ticks));
        return decoded;
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

    private async Task<T[]> RunsAsync<T>(Func<Task<T>> measure)
    {
        await measure();
        Warmed?.Invoke();
        Measured = TimeSpan.Zero;
        var figures = new T[runs];
        for (int i = 0; i < runs; i++)
        {
            long began = Stopwatch.GetTimestamp();
            figures[i] = await measure();
            Measured += Stopwatch.GetElapsedTime(began);
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

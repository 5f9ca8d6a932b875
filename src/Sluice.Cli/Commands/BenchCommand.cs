using System.CommandLine;
using System.Diagnostics;
using Sluice.Cli.Bench;
using Sluice.Cli.Flags;
using Sluice.Cli.Json;
using Sluice.Cli.Streams;
using Sluice.Core;
using Sluice.Cpu;
using Sluice.Engine;
using Sluice.Local;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice bench</c>: how fast a model runs here, beside what the machine allows.</summary>
internal sealed class BenchCommand
{
    private const int DefaultPrompt = 512;
    private const int DefaultDecode = 128;
    private const int DefaultRuns = 5;
    private static readonly int[] DefaultBatches = [1, 4, 16];

    /// <summary>Room for 32k tokens of a model of 8 billion parameters in F16, with some to spare; what is not used is never touched.</summary>
    private const long DeepKvBytes = 8L << 30;

    private readonly Terminal _terminal;
    private readonly Argument<string> _model = ModelArgument.One();
    private readonly Option<int?> _prompt = Flag.Integer("-p", $"Prompt tokens ({DefaultPrompt}).", 1, 1 << 20, "--prompt-tokens");
    private readonly Option<int?> _decode = Flag.Integer("-n", $"Tokens to decode ({DefaultDecode}).", 1, 1 << 20, "--decode-tokens");
    private readonly Option<int[]> _depths = Flag.Integers("-d",
        "Decodes one sequence also after this much context, which is stored as random keys and values, not computed; it may exceed the model's own.",
        0, 1 << 24);
    private readonly Option<int[]> _batches = Flag.Integers("-b", $"Sequences that decode together ({string.Join(',', DefaultBatches)}).", 1, 1024);
    private readonly Option<int?> _threads = Flag.Integer("-t", "Threads that compute; without it one per core.", 1, 1024, "--threads");
    private readonly Option<int?> _runs = Flag.Integer("-r", $"Runs to take the median of, after one to warm up ({DefaultRuns}).", 1, 1000, "--runs");
    private readonly Option<DType?> _kv = EngineFlags.KvType();
    private readonly Option<bool> _json = Flag.Switch("--json", "One JSON object.");

    private BenchCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var bench = new BenchCommand(terminal);
        var command = new CliCommand("bench", "Measures prefill, decode and decode of several sequences at once, beside the memory's read bandwidth.",
            "sluice bench",
            "sluice bench model.gguf -p 512 -n 128 -b 1,4,16 -t 2 -r 5",
            "sluice bench model.gguf -d 4096,32768",
            "sluice bench model.gguf --json")
        { bench._model, bench._prompt, bench._decode, bench._depths, bench._batches, bench._threads, bench._runs, bench._kv, bench._json };
        command.SetAction(bench.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        SpeedReport report = await MeasureAsync(parsed, cancellation);
        if (parsed.GetValue(_json))
            _terminal.Out.WriteLine(JsonText.Write(report.Write));
        else
            foreach (string line in report.Lines())
                _terminal.Out.WriteLine(line);
        return ExitCode.Done;
    }

    private async Task<SpeedReport> MeasureAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string name = parsed.GetValue(_model)!;
        int prompt = parsed.GetValue(_prompt) ?? DefaultPrompt, decode = parsed.GetValue(_decode) ?? DefaultDecode;
        int runs = parsed.GetValue(_runs) ?? DefaultRuns;
        int[] depths = parsed.GetValue(_depths) ?? [];
        int[] batches = parsed.GetValue(_batches) is { Length: > 0 } given ? given : DefaultBatches;

        DType kvType = parsed.GetValue(_kv) ?? DType.F16;
        FilledContext? context = null;

        long began = Stopwatch.GetTimestamp();
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = parsed.GetValue(_threads) ?? 0 });
        using LocalModel model = await Progress.ShowAsync(_terminal, $"loading {name}", () => LocalModel.Open(name, new LocalModelOptions
        {
            Engine = new EngineOptions
            {
                ContextTokens = Math.Max(prompt, depths.Append(0).Max() + decode) + 2,
                MaxSequences = batches.Max(),
                MaxQueue = batches.Max(),
                KvType = kvType,
                KvBytes = depths.Length > 0 ? DeepKvBytes : new EngineOptions().KvBytes,
                PrefixCache = false, // or the second run would find the first one's work
            },
            Around = (inner, backend) => context = new FilledContext(inner, backend),
        }, device));
        double loadMs = Stopwatch.GetElapsedTime(began).TotalMilliseconds;

        var test = new SpeedTest(model.Engine, model.Package.Config.Vocabulary, runs);
        double prefillTps = await ShowAsync($"prefill of {prompt} tokens", () => test.PrefillAsync(prompt, cancellation));
        var streamed = StreamedBytes.Of(model.Package, model.Engine);
        DecodeSpeed shallow = await DecodeAsync(0);
        var deep = new List<DecodeSpeed>();
        context!.Fills = true;
        foreach (int depth in depths)
            deep.Add(await DecodeAsync(depth));
        context.Fills = false;
        var batched = new List<(int, double)>();
        foreach (int sequences in batches)
            batched.Add((sequences, await ShowAsync($"decode of {sequences} sequences", () => test.DecodeAsync(sequences, 0, decode, cancellation))));
        long resident = Process.GetCurrentProcess().WorkingSet64;
        double readGbps = await ShowAsync("read bandwidth", () => Task.FromResult(ReadBandwidth.Measure(device)));
        return new SpeedReport(model.Name, device.Name, device.Threads, kvType.ToString(), prompt, decode, runs, model.Package.TensorBytes, prefillTps,
            shallow, deep, batched, readGbps, loadMs, resident);

        async Task<DecodeSpeed> DecodeAsync(int depth) => new(
            depth,
            await ShowAsync($"decode of {decode} tokens after {depth}", () => test.DecodeAsync(1, depth, decode, cancellation)),
            streamed.PerToken(depth, decode));
    }

    private Task<double> ShowAsync(string what, Func<Task<double>> work) => Progress.ShowAsync(_terminal, what, work);
}

using System.CommandLine;
using System.Text.Json;
using Sluice.Cli.Bench;
using Sluice.Cli.Flags;
using Sluice.Cli.Json;
using Sluice.Cli.Peers;
using Sluice.Cli.Streams;
using Sluice.Core;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice bench</c>: how fast a model runs here, beside what the machine allows.</summary>
internal sealed class BenchCommand
{
    private const int DefaultPrompt = 512;
    private const int DefaultDecode = 128;
    private const int DefaultRuns = 5;
    private const int DefaultPairs = 5;
    private const int DefaultPatienceSeconds = 180;
    private static readonly int[] DefaultBatches = [1, 4, 16];

    private readonly Terminal _terminal;
    private readonly Argument<string> _model = ModelArgument.One();
    private readonly Option<int?> _prompt = Flag.Integer("-p", $"Prompt tokens ({DefaultPrompt}).", 1, 1 << 20, "--prompt-tokens");
    private readonly Option<int?> _decode = Flag.Integer("-n", $"Tokens to decode ({DefaultDecode}).", 1, 1 << 20, "--decode-tokens");
    private readonly Option<int[]> _depths = Flag.Integers("-d",
        "Decodes one sequence also after this much context, which is stored as random keys and values, not computed; " +
        "it may exceed the model's own.",
        0, 1 << 24);
    private readonly Option<int[]> _batches = Flag.Integers(
        "-b", $"Sequences that decode together ({string.Join(',', DefaultBatches)}).", 1, 1024);
    private readonly Option<int?> _threads = Flag.Integer("-t", "Threads that compute; without it one per core.", 1, 1024, "--threads");
    private readonly Option<int?> _runs = Flag.Integer(
        "-r", $"Runs to take the median of, after one to warm up ({DefaultRuns}).", 1, 1000, "--runs");
    private readonly Option<DType?> _kv = EngineFlags.KvType();
    private readonly Option<string[]> _adapters = new("--adapter")
    {
        Description = "Answers through this LoRA adapter, a PEFT folder or a GGUF file; given several times, sequences that decode together " +
            "take them in turn.",
        HelpName = "PATH",
    };
    private readonly Option<string?> _draft = EngineFlags.Draft();
    private readonly Option<int?> _draftTokens = EngineFlags.DraftTokens();
    private readonly Option<string?> _prompts = Flag.Text("--prompts",
        "With --draft: measures decoding of these prompts with and without drafts in turn. " +
        "One JSON string, or array of messages, per line.",
        "FILE");
    private readonly Option<bool> _profile = Flag.Switch("--profile", "Also shows where the time went, per operation and kind of weight.");
    private readonly Option<string?> _peer = Flag.Text(
        "--peer", $"Measures another engine in turn with this one and shows the ratio. CMD is {PeerCommand.Contract}", "CMD");
    private readonly Option<int?> _pairs = Flag.Integer("--pairs",
        $"Runs of the peer and of ours, in turn ({DefaultPairs}). One counts if less than {MachineLoad.Quiet} " +
        "processors were busy before it and the peer within 20 % of its best.",
        1, 1000);
    private readonly Option<int?> _patience = Flag.Integer("--quiet-wait",
        $"Seconds to wait before each pair for a quiet machine ({DefaultPatienceSeconds}).", 0, 86_400);
    private readonly Option<bool> _json = Flag.Switch("--json", "One JSON object.");

    private BenchCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var bench = new BenchCommand(terminal);
        var command = new CliCommand("bench",
            "Measures prefill, decode and decode of several sequences at once, beside what memory and processor give.",
            "sluice bench",
            "sluice bench model.gguf -p 512 -n 128 -b 1,4,16 -t 2 -r 5",
            "sluice bench model.gguf -d 4096,32768",
            "sluice bench model.gguf --profile",
            "sluice bench model.gguf -n 64 -b 16 -t 2 -r 3 --peer \"./other-bench model.gguf -n 64 -b 16 -t 2\"",
            "sluice bench model.gguf --draft ngram --prompts prompts.jsonl -n 128",
            "sluice bench model.gguf --json")
        {
            bench._model, bench._prompt, bench._decode, bench._depths, bench._batches, bench._threads, bench._runs, bench._kv,
            bench._adapters, bench._draft, bench._draftTokens, bench._prompts, bench._profile,
            bench._peer, bench._pairs, bench._patience, bench._json,
        };
        command.Add(BenchServeCommand.Create(terminal));
        command.SetAction(bench.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        BenchSettings settings = ReadSettings(parsed);
        string? peer = parsed.GetValue(_peer);
        Validate(parsed, peer, settings);
        if (settings.Draft is not null)
        {
            DraftReport drafts = await new DraftBench(_terminal, settings).MeasureAsync(cancellation);
            Print(parsed, drafts.Write, drafts.Lines());
            return ExitCode.Done;
        }
        using BenchedModel benched = await Progress.ShowAsync(_terminal, $"loading {settings.Model}", () => BenchedModel.Open(settings));
        var bench = new SpeedBench(_terminal, settings, benched);
        if (peer is null)
        {
            SpeedReport report = await bench.MeasureAsync(cancellation);
            Print(parsed, report.Write, report.Lines());
        }
        else
        {
            var command = new PeerCommand(peer);
            var patience = TimeSpan.FromSeconds(parsed.GetValue(_patience) ?? DefaultPatienceSeconds);
            var comparison = new PeerComparison(_terminal, command, bench, parsed.GetValue(_pairs) ?? DefaultPairs, patience);
            var report = new PeerReport(benched.Model.Name, benched.Device.Name, command.Line, await comparison.RunAsync(cancellation));
            Print(parsed, report.Write, report.Lines());
        }
        return ExitCode.Done;
    }

    private BenchSettings ReadSettings(ParseResult parsed) => new(
        parsed.GetValue(_model)!,
        parsed.GetValue(_prompt) ?? DefaultPrompt,
        parsed.GetValue(_decode) ?? DefaultDecode,
        parsed.GetValue(_depths) ?? [],
        parsed.GetValue(_batches) is { Length: > 0 } given ? given : DefaultBatches,
        parsed.GetValue(_threads) ?? 0,
        parsed.GetValue(_runs) ?? DefaultRuns,
        parsed.GetValue(_kv) ?? DType.F16,
        parsed.GetValue(_profile))
    {
        Adapters = parsed.GetValue(_adapters) ?? [],
        Draft = parsed.GetValue(_draft),
        DraftTokens = parsed.GetValue(_draftTokens),
        Prompts = parsed.GetValue(_prompts),
    };

    private void Validate(ParseResult parsed, string? peer, BenchSettings settings)
    {
        if (peer is null && (parsed.GetValue(_pairs) is not null || parsed.GetValue(_patience) is not null))
            throw new UsageException("--pairs and --quiet-wait are for a comparison: add --peer CMD.");
        if (peer is not null && (settings.Profile || settings.Depths.Length > 0))
            throw new UsageException("--peer compares prefill, decode and batches alone: leave out --profile and -d.");
        if ((settings.Draft is null) != (settings.Prompts is null))
            throw new UsageException("--draft and --prompts FILE go together: the figures are of certain prompts.");
        if (settings.DraftTokens is not null && settings.Draft is null)
            throw new UsageException("--draft-tokens counts only beside --draft.");
        if (settings.Draft is not null && (peer is not null || settings.Profile || settings.Depths.Length > 0))
            throw new UsageException("--draft compares decoding with and without drafts alone: leave out --peer, --profile and -d.");
        if (settings.Draft is not null && settings.Adapters.Length > 0)
            throw new UsageException("--draft compares decoding with and without drafts alone: leave out --adapter.");
        if (peer is not null && string.IsNullOrWhiteSpace(peer))
            throw new UsageException("--peer needs a command line.");
    }

    private void Print(ParseResult parsed, Action<Utf8JsonWriter> json, IEnumerable<string> lines)
    {
        if (parsed.GetValue(_json))
        {
            _terminal.Out.WriteLine(JsonText.Write(json));
            return;
        }
        foreach (string line in lines)
            _terminal.Out.WriteLine(line);
    }
}

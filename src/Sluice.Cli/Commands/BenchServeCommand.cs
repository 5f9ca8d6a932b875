using System.CommandLine;
using System.Text.Json;
using Sluice.Cli.Flags;
using Sluice.Cli.Json;
using Sluice.Cli.Load;
using Sluice.Cli.Plots;
using Sluice.Cli.Streams;
using Sluice.Core.Errors;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice bench serve</c>: what a server with an OpenAI-compatible API does under load.</summary>
internal sealed class BenchServeCommand
{
    private const string DefaultUrl = "http://127.0.0.1:8080";
    private const float DefaultDuration = 60;
    private const float DefaultTimeout = 300;
    private const int DefaultSeed = 1;

    private readonly Terminal _terminal;
    private readonly Option<string?> _url = Flag.Text("--url", $"The server's address, with or without /v1 ({DefaultUrl}).", "URL");
    private readonly Option<string?> _model = Flag.Text("--model",
        "The model to ask for; without it the first that the server lists.", "NAME");
    private readonly Option<float?> _rate = Flag.Number("--rate",
        "Open loop: requests per second, arriving at random times whatever becomes of them.", 0.001f, 1e6f);
    private readonly Option<int?> _concurrency = Flag.Integer("--concurrency",
        "Closed loop instead: so many clients, each of which asks again once it is answered.", 1, 100_000);
    private readonly Option<float?> _duration = Flag.Number("--duration",
        $"Seconds to send requests for ({DefaultDuration}); those sent are waited for.", 0.1f, 604_800);
    private readonly Option<LengthMix?> _prompt = Mix("--prompt-tokens", "Lengths of the prompts", "64-256");
    private readonly Option<LengthMix?> _output = Mix("--output-tokens", "Most tokens of the answers", "32-128");
    private readonly Option<int?> _prefixTokens = Flag.Integer("--prefix-tokens",
        "Tokens before each prompt that it shares with others (0).", 0, 1 << 20);
    private readonly Option<int?> _prefixes = Flag.Integer("--prefixes", "How many different shared beginnings there are (1).", 1, 1 << 20);
    private readonly Option<int?> _seed = Flag.Integer("--seed",
        $"Another seed, other requests at other times ({DefaultSeed}).", 0, int.MaxValue);
    private readonly Option<LoadApi?> _api = Flag.Choice("--api", "The endpoint to ask; chat unless told otherwise.",
        ("chat", LoadApi.Chat), ("completions", LoadApi.Completions));
    private readonly Option<float?> _firstToken = Flag.Number("--slo-ttft",
        "Goodput counts requests whose first token came within so many milliseconds.", 0, 1e9f);
    private readonly Option<float?> _perToken = Flag.Number("--slo-itl",
        "Goodput counts requests whose further tokens took so many milliseconds each, on average.", 0, 1e9f);
    private readonly Option<float?> _timeout = Flag.Number("--timeout",
        $"Seconds after which an answer counts as failed ({DefaultTimeout}).", 0.1f, 86_400);
    private readonly Option<string?> _key = Flag.Text("--api-key", "Where the server's API key is.", Secret.Form);
    private readonly Option<string?> _fields = Flag.Text("--body",
        "A JSON object with more fields for every request, such as {\"ignore_eos\":true}.", "JSON");
    private readonly Option<bool> _json = Flag.Switch("--json", "One JSON object instead of the table.");
    private readonly Option<string?> _html = Flag.Text("--html",
        "Also writes a page with plots, which needs nothing beside itself.", "FILE");

    private BenchServeCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var serve = new BenchServeCommand(terminal);
        var command = new CliCommand("serve",
            "Measures a server under load: time to the first token and between tokens, throughput, goodput, errors.",
            "sluice bench serve --url http://127.0.0.1:8080 --rate 4 --duration 60",
            "sluice bench serve --rate 2 --prompt-tokens 64:9,8192:1 --slo-ttft 500 --slo-itl 50 --html load.html",
            "sluice bench serve --concurrency 16 --output-tokens 256 --duration 30 --json",
            "sluice bench serve --rate 8 --prefix-tokens 512 --prefixes 4")
        {
            serve._url, serve._model, serve._rate, serve._concurrency, serve._duration, serve._prompt, serve._output,
            serve._prefixTokens, serve._prefixes, serve._seed, serve._api, serve._firstToken, serve._perToken, serve._timeout,
            serve._key, serve._fields, serve._json, serve._html,
        };
        command.SetAction(serve.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        LoadSettings settings = ReadSettings(parsed);
        string? page = parsed.GetValue(_html);
        RequireFolder(page);
        using LoadTarget target = CreateTarget(parsed);
        LoadReport report = await new LoadBench(_terminal, target, settings, parsed.GetValue(_model)).RunAsync(cancellation);
        if (page is not null)
            await File.WriteAllTextAsync(page, LoadPage.Write(report), CancellationToken.None);
        Print(parsed, report);
        if (report.Interrupted)
            return ExitCode.Interrupted;
        return report.Answered.Count > 0 ? ExitCode.Done : throw new SluiceException(report.Requests.Count == 0
            ? "no request was due within the duration: make it longer or the rate higher"
            : $"no request was answered: {report.Failures[0].Kind}: {report.Failures[0].Message}");
    }

    private LoadSettings ReadSettings(ParseResult parsed)
    {
        float? rate = parsed.GetValue(_rate);
        int? concurrency = parsed.GetValue(_concurrency);
        if (rate is null == concurrency is null)
            throw new UsageException("Say how much load: either --rate R (requests per second) or --concurrency N (clients).");
        if (parsed.GetValue(_prefixes) is not null && parsed.GetValue(_prefixTokens) is null or 0)
            throw new UsageException("--prefixes needs --prefix-tokens N, their length.");
        var trace = new TraceSettings
        {
            Rate = rate,
            Prompt = parsed.GetValue(_prompt) ?? LengthMix.Parse("64-256")!,
            Output = parsed.GetValue(_output) ?? LengthMix.Parse("32-128")!,
            PrefixTokens = parsed.GetValue(_prefixTokens) ?? 0,
            Prefixes = parsed.GetValue(_prefixes) ?? 1,
            Seed = parsed.GetValue(_seed) ?? DefaultSeed,
        };
        var target = new LatencyTarget(Milliseconds(parsed.GetValue(_firstToken)), Milliseconds(parsed.GetValue(_perToken)));
        return new LoadSettings(trace, concurrency, TimeSpan.FromSeconds(parsed.GetValue(_duration) ?? DefaultDuration), target);

        static TimeSpan? Milliseconds(float? value) => value is { } given ? TimeSpan.FromMilliseconds(given) : null;
    }

    private LoadTarget CreateTarget(ParseResult parsed)
    {
        string url = parsed.GetValue(_url) ?? DefaultUrl;
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
            throw new UsageException($"--url takes an address such as {DefaultUrl}, not '{url}'.");
        string? key = parsed.GetValue(_key) is { } reference ? Secret.Read("--api-key", reference) : null;
        return new LoadTarget(address, parsed.GetValue(_api) ?? LoadApi.Chat, key, ReadFields(parsed.GetValue(_fields)),
            TimeSpan.FromSeconds(parsed.GetValue(_timeout) ?? DefaultTimeout));
    }

    private static JsonElement? ReadFields(string? text)
    {
        if (text is null)
            return null;
        try
        {
            if (JsonElement.Parse(text) is { ValueKind: JsonValueKind.Object } fields)
                return fields;
        }
        catch (JsonException)
        {
            // Said below, as of any other text that is no object.
        }
        throw new UsageException("--body takes a JSON object, such as '{\"ignore_eos\":true}'.");
    }

    /// <summary>Before the run, not after it.</summary>
    private static void RequireFolder(string? page)
    {
        if (page is not null && Path.GetDirectoryName(Path.GetFullPath(page)) is { } folder && !Directory.Exists(folder))
            throw new UsageException($"--html: there is no folder {folder}.");
    }

    private void Print(ParseResult parsed, LoadReport report)
    {
        if (parsed.GetValue(_json))
        {
            _terminal.Out.WriteLine(JsonText.Write(writer => LoadJson.Write(report, writer)));
            return;
        }
        foreach (string line in LoadTable.Lines(report))
            _terminal.Out.WriteLine(line);
    }

    private static Option<LengthMix?> Mix(string name, string description, string otherwise) => new(name)
    {
        Description = $"{description} ({otherwise}): {LengthMix.Form}.",
        HelpName = "MIX",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (LengthMix.Parse(text) is { } mix)
                return mix;
            result.AddError($"{name} takes {LengthMix.Form}, not '{text}'.");
            return null;
        },
    };
}

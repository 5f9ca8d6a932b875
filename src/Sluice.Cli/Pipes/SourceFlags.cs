using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Sluice.Cli.Flags;
using Sluice.Cli.Streams;
using Sluice.Gateway.Configuration;
using Sluice.Local;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Configuration;
using Sluice.Pipe.Reports;
using Sluice.Pipe.Sources;

namespace Sluice.Cli.Pipes;

/// <summary>Where answers come from, and how they are drawn.</summary>
internal sealed class SourceFlags
{
    private readonly Option<string?> _model = Flag.Text("--model",
        "A model in this process (demo unless told otherwise), or a remote source's name of one.", "MODEL", "-m");

    private readonly Option<string[]> _urls = new("--url", "-u")
    {
        Description = $"A server with OpenAI's API: {SourceUrl.Form}; may be given several times. " +
            "Its key is in SLUICE_API_KEY or OPENAI_API_KEY.",
        HelpName = "URL[*WEIGHT]",
    };

    private readonly Option<string?> _config = Flag.Text("--config",
        "Takes a pool of this file, which -m names, with its routing, retries and limits.", "FILE", "-c");
    private readonly Option<bool> _noConfig = Flag.Switch("--no-config", "Does not read the configuration file.");
    private readonly Option<int?> _maxTokens = Flag.Integer("--max-tokens",
        "Most tokens of an answer; without it the source says when.", 1, int.MaxValue);
    private readonly Option<float?> _temperature = Flag.Number("--temp",
        "Temperature; 0 unless told otherwise: always the most likely token.", 0, 2);
    private readonly Option<long?> _seed = Flag.Long("--seed", "Same seed, same answers, where --temp is above 0.");

    private readonly Option<Prices?> _prices = new("--price")
    {
        Description = "What the source's tokens cost, in USD per million: those of prompts, those of answers.",
        HelpName = "IN,OUT",
        CustomParser = result =>
        {
            string[] parts = result.Tokens[0].Value.Split(',');
            if (parts.Length == 2 && TryParse(parts[0], out double input) && TryParse(parts[1], out double output))
                return new Prices(input, output);
            result.AddError($"--price takes two prices such as 0.15,0.60, not '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    private readonly Option<bool> _hedge = Flag.Switch("--hedge",
        "Asks a server once more about a record that takes longer than nearly all others; the first answer counts.");
    private readonly Option<float?> _requests = Flag.Number("--requests-per-minute",
        "Asks no more often than this; for servers (a pool of --config has limits of its own).", 0.001f, 1e9f);
    private readonly Option<float?> _tokens = Flag.Number("--tokens-per-minute",
        "Asks for no more tokens than this, those of prompts and answers together; for servers.", 1, 1e12f);

    private readonly EngineFlags _engine = new(concurrent: true);

    public void AddTo(Command command, bool generates = true)
    {
        command.Add(_model);
        command.Add(_urls);
        command.Add(_config);
        command.Add(_noConfig);
        if (generates)
        {
            command.Add(_maxTokens);
            command.Add(_temperature);
            command.Add(_seed);
            command.Add(_hedge);
        }
        command.Add(_prices);
        command.Add(_requests);
        command.Add(_tokens);
        _engine.AddTo(command);
    }

    public Prices? ReadPrices(ParseResult parsed) => parsed.GetValue(_prices);

    /// <summary>What may be asked of servers that flags or the pipe's configuration name.</summary>
    public RateConfig ReadRates(ParseResult parsed) => new()
    {
        RequestsPerMinute = parsed.GetValue(_requests), TokensPerMinute = parsed.GetValue(_tokens),
    };

    public PipeConfig ReadConfig(ParseResult parsed, Terminal terminal)
    {
        if (parsed.GetValue(_noConfig))
            return PipeConfig.Empty;
        PipeConfig config = PipeConfig.Load(ConfigPaths.All);
        if (config.UnknownKeys.Count > 0)
            terminal.Say($"the configuration has keys that mean nothing here: {string.Join(", ", config.UnknownKeys)}");
        return config;
    }

    public AskSettings ReadSettings(ParseResult parsed, PipeSource source) => new()
    {
        Model = source.Model,
        Temperature = parsed.GetValue(_temperature) ?? 0,
        MaxTokens = parsed.GetValue(_maxTokens),
        Seed = parsed.GetValue(_seed),
        RequireParameters = source.IsRouter,
    };

    /// <exception cref="UsageException">The flags do not say clearly where answers come from.</exception>
    public async Task<PipeSource> OpenAsync(Terminal terminal, ParseResult parsed, PipeConfig config, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        string? model = parsed.GetValue(_model), file = parsed.GetValue(_config);
        string[] urls = parsed.GetValue(_urls) ?? [];
        if (file is not null && urls.Length > 0)
            throw new UsageException("--config and --url exclude each other: both say where answers come from.");
        RateConfig rates = ReadRates(parsed);
        bool isServer = file is null && (urls.Length > 0 || config.NamesRemote);
        if (rates != new RateConfig() && !isServer)
        {
            throw new UsageException("--requests-per-minute and --tokens-per-minute are for servers (-u): " +
                "a pool of --config has its limits in the file, and a model in this process needs none.");
        }
        HedgeConfig? hedge = parsed.GetValue(_hedge) ? RecordHedge.Config : null;
        if (file is not null)
            return await PipeConfigFile.OpenAsync(terminal, file, model, hedge, _engine.ReadDevice(parsed), cancellation);
        if (!isServer)
        {
            if (hedge is not null)
                throw new UsageException("--hedge is for servers (-u or -c): a model in this process would be no quicker. Leave it out.");
            string local = model ?? config.Model ?? ModelLocator.Demo;
            return PipeSource.Of(await Models.OpenModel.OpenAsync(terminal, local, _engine, [], parsed));
        }
        string name = model ?? config.Model
            ?? throw new UsageException("Which model of the server? Name it with -m, or as model in the configuration.");
        return urls.Length > 0
            ? await OpenUrlsAsync(urls, name, await FindKeyAsync(config, cancellation), rates, hedge, fromConfig: false, cancellation)
            : await OpenUrlsAsync(
                [config.BaseUrl ?? PipeConfig.DefaultBaseUrl], name, await ConfiguredKeyAsync(config, cancellation), rates, hedge,
                fromConfig: true, cancellation);
    }

    private static async Task<PipeSource> OpenUrlsAsync(
        string[] given, string model, string? key, RateConfig rates, HedgeConfig? hedge, bool fromConfig, CancellationToken cancellation)
    {
        SourceUrl[] urls = [.. given.Select(text =>
            SourceUrl.Parse(text) ?? throw new UsageException($"--url takes {SourceUrl.Form}, not '{text}'."))];
        Gateway.Configuration.Secret? secret = key is null ? null : new Gateway.Configuration.Secret("the API key", key);
        UrlPool pool = await UrlPool.OpenAsync(
            urls, model, secret, rates, hedge, (ulong)RandomNumberGenerator.GetInt32(int.MaxValue), isWhole: fromConfig,
            TimeProvider.System, cancellation);
        return PipeSource.Of(pool, model, key, fromConfig, urls);
    }

    /// <summary>For addresses of flags: the environment's key, else the configuration's command.</summary>
    private static async Task<string?> FindKeyAsync(PipeConfig config, CancellationToken cancellation) =>
        Environment("SLUICE_API_KEY") ?? Environment("OPENAI_API_KEY")
        ?? (config.ApiKeyCommand is { } command ? await KeyCommand.RunAsync(command, cancellation) : null);

    /// <summary>
    /// For the configuration's own address: its key, its command, else the environment's; never a key that was meant for somebody else.
    /// </summary>
    private static async Task<string?> ConfiguredKeyAsync(PipeConfig config, CancellationToken cancellation) =>
        config.ApiKey ?? (config.ApiKeyCommand is { } command
            ? await KeyCommand.RunAsync(command, cancellation) : Environment("SLUICE_API_KEY"));

    private static string? Environment(string name) =>
        System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static bool TryParse(string text, out double price) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out price);
}

using System.CommandLine;
using System.Globalization;
using Sluice.Cli.Flags;
using Sluice.Cli.Streams;
using Sluice.Local;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Configuration;
using Sluice.Pipe.Reports;

namespace Sluice.Cli.Pipes;

/// <summary>Where answers come from, and how they are drawn.</summary>
internal sealed class SourceFlags
{
    private readonly Option<string?> _model = Flag.Text("--model",
        "A model in this process (demo unless told otherwise), or a remote source's name of one.", "MODEL", "-m");

    private readonly Option<bool> _noConfig = Flag.Switch("--no-config", "Does not read the configuration file.");
    private readonly Option<int?> _maxTokens = Flag.Integer("--max-tokens", "Most tokens of an answer; without it the source says when.", 1, int.MaxValue);
    private readonly Option<float?> _temperature = Flag.Number("--temp", "Temperature; 0 unless told otherwise: always the most likely token.", 0, 2);
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

    private readonly EngineFlags _engine = new(concurrent: true);

    public void AddTo(Command command, bool generates = true)
    {
        command.Add(_model);
        command.Add(_noConfig);
        if (generates)
        {
            command.Add(_maxTokens);
            command.Add(_temperature);
            command.Add(_seed);
        }
        command.Add(_prices);
        _engine.AddTo(command);
    }

    public Prices? ReadPrices(ParseResult parsed) => parsed.GetValue(_prices);

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
        AsksForShape = !source.IsLocal,
        RequireParameters = source.IsRouter,
    };

    /// <param name="concurrency">Records in flight: the engine's queue has room for them.</param>
    public async Task<PipeSource> OpenAsync(
        Terminal terminal, ParseResult parsed, PipeConfig config, int concurrency, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (config.NamesRemote)
            throw new UsageException("The configuration names a remote source, which this version cannot ask: add --no-config for a model in this process.");
        string model = parsed.GetValue(_model) ?? config.Model ?? ModelLocator.Demo;
        return PipeSource.Of(await Models.OpenModel.OpenAsync(terminal, model, _engine, parsed));
    }

    private static bool TryParse(string text, out double price) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out price);
}

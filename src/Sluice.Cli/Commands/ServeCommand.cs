using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Sluice.Cli.Flags;
using Sluice.Cli.Models;
using Sluice.Cli.Pools;
using Sluice.Cli.Streams;
using Sluice.Cpu;
using Sluice.Gateway.Configuration;
using Sluice.Local;
using Sluice.Local.Lifecycle;
using Sluice.Server;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice serve</c>: the HTTP server over models in this process.</summary>
internal sealed class ServeCommand
{
    // What is the process's, not one model's.
    private static readonly string[] BesideConfig = ["--config", "--urls", "-t", "--memory", CommandLine.Verbose];

    // What a configuration says of a source under another name.
    private static readonly Dictionary<string, string> InConfig = new()
    {
        ["--kv"] = "kv.type", ["--kv-bytes"] = "kv.memory", ["--parallel"] = "batch.max_sequences", ["--draft"] = "draft",
    };

    private readonly Terminal _terminal;
    private readonly Argument<string[]> _models = ModelArgument.Many();
    private readonly EngineFlags _engine = new(concurrent: true);
    private readonly Option<string[]> _urls = new("--urls")
    {
        Description = "Where to listen; several with ; between them. Port 0 takes a free one.",
        HelpName = "URL",
        DefaultValueFactory = _ => [.. new ServerOptions().Urls],
    };

    private readonly Option<TimeSpan?> _idleUnload = Flag.Duration("--idle-unload",
        "Loads a model when it is first asked for and unloads it after so long without a request, such as 10m; " +
        "without it all stay loaded.");

    private readonly Option<string?> _config = new("--config", "-c")
    {
        Description = "Serves the pools of this file instead of single models, and follows its changes.",
        HelpName = "FILE",
    };

    private readonly ServedAdapters _adapters = new();

    private ServeCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var serve = new ServeCommand(terminal);
        var command = new CliCommand("serve",
            "Serves models over OpenAI's HTTP API until Ctrl-C or SIGTERM; what runs then is finished first.",
            "sluice serve",
            "sluice serve model.gguf --urls http://0.0.0.0:8080",
            "sluice serve demo ./qwen2.5-0.5b-instruct --parallel 8",
            "sluice serve a.gguf b.gguf --memory 8G --idle-unload 10m",
            "sluice serve demo --adapter pirate=./lora/pirate",
            "sluice serve -c examples/pool.yaml")
        { serve._models, serve._config, serve._urls, serve._idleUnload };
        serve._engine.AddTo(command);
        serve._adapters.AddTo(command);
        command.SetAction(serve.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        SocketThreads.WorkThemselves();
        string[] urls = [.. parsed.GetValue(_urls)!.SelectMany(list => list.Split(';', StringSplitOptions.RemoveEmptyEntries))];
        if (parsed.GetValue(_config) is { } file)
            return await ServePoolsAsync(parsed, file, urls, cancellation);
        ServerOptions options = ServedOptions.Of(GatewayConfig.LoadServer(), UrlsGiven(parsed) ? urls : null) with
        {
            AllowAdapterLoading = _adapters.MayChange(parsed),
        };
        TimeSpan? idle = parsed.GetValue(_idleUnload);
        var loaded = new List<string>(); // told once it listens: the address is what one waits for
        using var device = new CpuDevice(_engine.ReadDevice(parsed));
        await using LocalModels models = CreateModels(parsed, device, idle, idle is null ? loaded.Add : _terminal.Say);
        string[] names = [.. models.Sources.Select(source => source.Info.Name)];
        if (idle is null)
            await Progress.ShowAsync(_terminal, $"loading {string.Join(", ", names)}", () => LoadAsync(models, names, cancellation));
        await using SluiceServer server = CreateServer(options, models);
        await server.StartAsync(cancellation);
        string when = idle is { } time ? $", loaded when asked for, unloaded after {Duration.Format(time)} without a request" : "";
        _terminal.Say($"serving {string.Join(", ", names)} on {string.Join(", ", server.Urls)}{when} (Ctrl-C ends)");
        foreach (string line in loaded)
            _terminal.Say(line);
        await server.WaitForShutdownAsync(cancellation);
        return ExitCode.Done;
    }

    private async Task<int> ServePoolsAsync(ParseResult parsed, string file, string[] urls, CancellationToken cancellation)
    {
        string? alone = parsed.CommandResult.Children.OfType<OptionResult>().Where(option => !option.Implicit)
            .Select(option => option.Option.Name).FirstOrDefault(name => !BesideConfig.Contains(name));
        if (parsed.GetResult(_models) is { Implicit: false, Tokens.Count: > 0 })
            throw new UsageException($"MODEL does not go with --config: write it into {file}, as the 'model' of a source.");
        if (alone is not null)
        {
            throw new UsageException($"{alone} does not go with --config: " + (InConfig.TryGetValue(alone, out string? key)
                ? $"write it into {file}, as '{key}' of a source." : "a configuration has nothing like it; leave it out."));
        }
        await new PoolService(_terminal, file).RunAsync(_engine.ReadDevice(parsed), UrlsGiven(parsed) ? urls : null, cancellation);
        return ExitCode.Done;
    }

    private bool UrlsGiven(ParseResult parsed) => parsed.GetResult(_urls) is { Implicit: false };

    private LocalModels CreateModels(ParseResult parsed, CpuDevice device, TimeSpan? idle, Action<string> tell)
    {
        string[] named = parsed.GetValue(_models)!;
        var options = new LocalModelsOptions
        {
            Adapters = _adapters.Read(parsed, [.. named.Select(ModelLocator.NameOf)]),
            Model = _engine.ReadModel(parsed),
            IdleUnload = idle,
            Check = (name, package) => _engine.CheckContext(parsed, name, package.Config),
            Loaded = model => tell(EngineSummary.Of(model)),
            Unloaded = name => tell($"{name}: unloaded"),
        };
        if (named.GroupBy(ModelLocator.NameOf).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new UsageException($"Two models would be called '{twice.Key}': rename one of the files.");
        return new LocalModels(device, named, options, TimeProvider.System, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
    }

    private static async Task<int> LoadAsync(LocalModels models, string[] names, CancellationToken cancellation)
    {
        foreach (string name in names)
            await models.LoadAsync(name, cancellation);
        return names.Length;
    }

    private static SluiceServer CreateServer(ServerOptions options, LocalModels models)
    {
        try
        {
            return SluiceServer.Create(options, new ModelDirectory(models.Sources));
        }
        catch (OptionsValidationException e)
        {
            throw new UsageException(string.Join(' ', e.Failures));
        }
    }
}

using System.CommandLine;
using Microsoft.Extensions.Options;
using Sluice.Cli.Flags;
using Sluice.Cli.Models;
using Sluice.Cli.Streams;
using Sluice.Local;
using Sluice.Server;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice serve</c>: the HTTP server over models in this process.</summary>
internal sealed class ServeCommand
{
    private readonly Terminal _terminal;
    private readonly Argument<string[]> _models = ModelArgument.Many();
    private readonly EngineFlags _engine = new(concurrent: true);
    private readonly Option<string[]> _urls = new("--urls")
    {
        Description = "Where to listen; several with ; between them. Port 0 takes a free one.",
        HelpName = "URL",
        DefaultValueFactory = _ => [.. new ServerOptions().Urls],
    };

    private ServeCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var serve = new ServeCommand(terminal);
        var command = new CliCommand("serve", "Serves models over OpenAI's HTTP API until Ctrl-C or SIGTERM; what runs then is finished first.",
            "sluice serve",
            "sluice serve model.gguf --urls http://0.0.0.0:8080",
            "sluice serve demo ./qwen2.5-0.5b-instruct --parallel 8")
        { serve._models, serve._urls };
        serve._engine.AddTo(command);
        command.SetAction(serve.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var options = new ServerOptions { Urls = [.. parsed.GetValue(_urls)!.SelectMany(urls => urls.Split(';', StringSplitOptions.RemoveEmptyEntries))] };
        using var models = await OpenModels.OpenAsync(_terminal, parsed.GetValue(_models)!, _engine, parsed);
        await using SluiceServer server = CreateServer(options, models);
        await server.StartAsync(cancellation);
        _terminal.Say($"serving {string.Join(", ", models.Models.Select(model => model.Name))} on {string.Join(", ", server.Urls)} (Ctrl-C ends)");
        foreach (LocalModel model in models.Models)
            _terminal.Say(EngineSummary.Of(model));
        await server.WaitForShutdownAsync(cancellation);
        return ExitCode.Done;
    }

    private static SluiceServer CreateServer(ServerOptions options, OpenModels models)
    {
        try
        {
            return SluiceServer.Create(options, new ModelDirectory(models.CreateSources()));
        }
        catch (OptionsValidationException e)
        {
            throw new UsageException(string.Join(' ', e.Failures));
        }
    }
}

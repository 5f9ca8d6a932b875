using System.CommandLine;
using Sluice.Cli.Pipes;
using Sluice.Cli.Streams;
using Sluice.Pipe.Configuration;
using Sluice.Pipe.Presets;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice pipe presets</c>: prompts with names.</summary>
internal static class PipePresetsCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new CliCommand("presets", "Lists the presets: ours, and those of the configuration.", "sluice pipe presets");
        command.SetAction(_ => List(terminal, PipeConfig.Load(ConfigPaths.All)));
        return command;
    }

    /// <summary>A line each: name, tab, what it is for.</summary>
    public static int List(Terminal terminal, PipeConfig config)
    {
        foreach (Preset preset in config.AllPresets)
            terminal.Out.WriteLine($"{preset.Name}\t{preset.Description ?? preset.Template.ReplaceLineEndings(" ")}");
        return ExitCode.Done;
    }
}

using System.CommandLine;
using Sluice.Cli.Streams;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice model</c>: what a model is.</summary>
internal static class ModelCommand
{
    public static Command Create(Terminal terminal) => new CliCommand("model", "What a model is: its files, its tokens, its prompts, its numbers.",
        "sluice model inspect demo")
    {
        InspectCommand.Create(terminal),
        TokenizeCommand.Create(terminal),
        TemplateCommand.Create(terminal),
        LogitsCommand.Create(terminal),
    };
}

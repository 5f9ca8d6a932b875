using System.CommandLine;
using Sluice.Cli.Commands;
using Sluice.Cli.Streams;

namespace Sluice.Cli;

/// <summary>Every command of the executable: one line each.</summary>
internal static class CommandRegistry
{
    public static IEnumerable<Command> Create(Terminal terminal) =>
    [
        RunCommand.Create(terminal),
        ChatCommand.Create(terminal),
        ServeCommand.Create(terminal),
        PipeCommand.Create(terminal),
        BenchCommand.Create(terminal),
        ModelCommand.Create(terminal),
        AdminCommand.Create(terminal),
    ];
}

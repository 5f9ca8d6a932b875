using System.CommandLine;
using Sluice.Cli.Streams;

namespace Sluice.Cli;

/// <summary>Every command of the executable: one line each.</summary>
internal static class CommandRegistry
{
    public static IEnumerable<Command> Create(Terminal terminal) =>
    [
    ];
}

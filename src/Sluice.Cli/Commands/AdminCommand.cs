using System.CommandLine;
using Sluice.Cli.Streams;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice admin</c>: what whoever runs a server needs beside it.</summary>
internal static class AdminCommand
{
    public static Command Create(Terminal terminal)
    {
        var keys = new CliCommand("keys", "The keys by which clients are known.", "sluice admin keys new --name app")
        {
            NewKeyCommand.Create(terminal),
        };
        return new CliCommand("admin", "Administers a server.", "sluice admin keys new --name app --role developer") { keys };
    }
}

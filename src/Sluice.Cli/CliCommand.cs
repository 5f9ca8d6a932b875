using System.CommandLine;

namespace Sluice.Cli;

/// <summary>A command whose help closes with examples.</summary>
/// <param name="examples">Whole command lines that work as they stand, each optionally followed by <c>  # what it does</c>.</param>
internal sealed class CliCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}

using System.CommandLine;
using Sluice.Cli;
using Sluice.Cli.Streams;

namespace Sluice.Tests.Cli;

/// <summary>Every command can be asked what it does, and its examples are lines that it takes.</summary>
public sealed class HelpTests
{
    public static TheoryData<string> Commands => new(All().Select(command => command.Path));

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_OfACommand_IsOnStdoutWithExamples(string command)
    {
        var result = await CliProcess.RunAsync([.. command.Split(' '), "--help"]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains($"Examples:\n  ", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Examples_OfACommand_ParseWithoutError(string path)
    {
        Command command = All().Single(one => one.Path == path).Command;
        Assert.All(Assert.IsType<CliCommand>(command).Examples, example =>
        {
            string line = example[example.IndexOf("sluice ", StringComparison.Ordinal)..]["sluice ".Length..];
            Assert.StartsWith(path, line, StringComparison.Ordinal);
            Assert.Empty(Root().Parse(line).Errors);
        });
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Options_OfACommand_AreDescribed(string path)
    {
        Command command = All().Single(one => one.Path == path).Command;
        Assert.All(command.Options, option => Assert.False(string.IsNullOrEmpty(option.Description), option.Name));
        Assert.All(command.Arguments, argument => Assert.False(string.IsNullOrEmpty(argument.Description), argument.Name));
    }

    private static RootCommand Root()
    {
        var root = new RootCommand();
        foreach (Command command in CommandRegistry.Create(new Terminal()))
            root.Add(command);
        return root;
    }

    private static IEnumerable<(string Path, Command Command)> All() => Below("", Root());

    private static IEnumerable<(string Path, Command Command)> Below(string path, Command parent) =>
        from command in parent.Subcommands
        let here = $"{path} {command.Name}".Trim()
        from found in Below(here, command).Prepend((here, command))
        select found;
}

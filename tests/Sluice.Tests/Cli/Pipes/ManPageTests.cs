using System.Diagnostics;
using System.Text.RegularExpressions;
using Sluice.Tests.House;

namespace Sluice.Tests.Cli.Pipes;

/// <summary>The examples of the manual page, run in a shell as a reader would.</summary>
public sealed partial class ManPageTests
{
    public static TheoryData<string, string> Examples
    {
        get
        {
            var examples = new TheoryData<string, string>();
            foreach (Match block in Block().Matches(Checkout.Read("docs/sluice-pipe.1.md")))
                examples.Add(block.Groups[1].Value, block.Groups[2].Value);
            return examples;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Example_AsItStands_PrintsWhatStandsBelowIt(string command, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the examples are for a Unix shell");
        var start = new ProcessStartInfo("/bin/bash", ["-c", command])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.Combine(Checkout.Root, "examples"),
        };
        string home = Directory.CreateTempSubdirectory("man-home-").FullName; // nobody's configuration
        start.Environment["PATH"] = $"{Path.GetDirectoryName(CliProcess.Executable)}:{start.Environment["PATH"]}";
        start.Environment["HOME"] = home;
        using Process shell = Process.Start(start)!;
        Task<string> error = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Directory.Delete(home, recursive: true);
        Assert.True(output == expected, $"{command}\n{output}{await error}");
    }

    [Fact]
    public void ManPage_EveryCommand_HasAnExample()
    {
        string[] commands = [.. Block().Matches(Checkout.Read("docs/sluice-pipe.1.md")).Select(block => block.Groups[1].Value)];
        Assert.All(["\"Translate", "filter", "classify", "extract", "translate", "summarize", "score", "embed", "dedupe", "presets", "init"],
            command => Assert.Contains(commands, example => example.Contains($"sluice pipe {command}", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"```console\n\$ ([^\n]+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}

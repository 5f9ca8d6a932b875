using System.Text.Json;
using Sluice.Tests.House;

namespace Sluice.Tests.Cli.Pipes;

/// <summary><c>sluice pipe</c> as a process, on the embedded model.</summary>
public sealed class PipeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pipe-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>At least what the model card says of such records (95 %).</summary>
    [Fact]
    public async Task Classify_TheSampleFile_IsAsRightAsTheModelCardSays()
    {
        var result = await CliProcess.RunWithInputAsync(
            Sample("tickets.csv"), "pipe", "classify", "--no-config", "-l", "bug,feature,question,billing,other", "--of", "ticket",
            "-i", "csv", "-k", ".text", "-a", ".label");
        Assert.Equal(0, result.Code);
        string[] rows = result.Output.TrimEnd().Split('\n')[1..];
        Assert.Equal(16, rows.Length);
        Assert.InRange(rows.Count(row => row.Split(',')[1] == row.Split(',')[^1]), (int)Math.Ceiling(0.95 * rows.Length), rows.Length);
    }

    /// <summary>At least what the model card says of such records (60 %).</summary>
    [Fact]
    public async Task Extract_TheSampleFile_IsAsRightAsTheModelCardSays()
    {
        var result = await CliProcess.RunWithInputAsync(
            Sample("people.jsonl"), "pipe", "extract", "--no-config", "-f", "name,age:int,city", "-i", "jsonl", "-k", ".text", "-a", ".found");
        JsonElement[] rows = [.. result.Output.TrimEnd().Split('\n').Select(line => JsonElement.Parse(line))];
        Assert.Equal(10, rows.Length);
        Assert.InRange(rows.Count(row => JsonElement.DeepEquals(row.GetProperty("person"), row.GetProperty("found"))), 6, 10);
    }

    [Theory]
    [InlineData("pipe")]
    [InlineData("pipe", "-p", "nothing-of-that-name")]
    [InlineData("pipe", "x {.field}")]
    [InlineData("pipe", "x", "--resume")]
    [InlineData("pipe", "x", "--max-cost", "1")]
    [InlineData("pipe", "x", "--halt", "sometimes")]
    [InlineData("pipe", "x", "-u", "ftp://nowhere", "-m", "m")]
    [InlineData("pipe", "extract")]
    [InlineData("pipe", "--unknown")]
    [InlineData("pipe", "filter", "--unknown")]
    [InlineData("pipe", "classify", "-l", "a,a")]
    [InlineData("pipe", "-i", "csv", "x {.absent}")]
    public async Task Pipe_WrongUsage_SaysSoInOneLineAndAsksNothing(params string[] args)
    {
        var result = await CliProcess.RunWithInputAsync("a,b\n1,2\n", [.. args, "--no-config"]);
        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.StartsWith("sluice: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipe_ADeadline_EndsWith3()
    {
        string input = string.Concat(Enumerable.Range(0, 500).Select(i => $"Tell me a story about {i} foxes.\n"));
        var result = await CliProcess.RunWithInputAsync(input, "pipe", "{}", "--no-config", "--deadline", "1.5s");
        Assert.Equal(3, result.Code);
    }

    [Fact]
    public async Task Pipe_Interrupted_EndsWith130AndItsJournalGoesOn()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix signals");
        string[] args = ["pipe", "Translate to German.", "--no-config", "--journal", Path.Combine(_folder, "journal")];
        using (var process = CliProcess.Start(args))
        {
            await process.WriteLineAsync("Good morning");
            Assert.Equal("Guten Morgen", await process.Output.ReadLineAsync(TestContext.Current.CancellationToken));
            await process.SignalAsync("INT"); // while it waits for input
            Assert.Equal(130, await process.WaitAsync());
        }
        var resumed = await CliProcess.RunWithInputAsync("Good morning\n", [.. args, "--resume"]);
        Assert.Equal((0, "Guten Morgen\n"), (resumed.Code, resumed.Output));
        Assert.Contains("1 from the journal", resumed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipe_TheReportAndTheErrors_SayWhatHappened()
    {
        string report = Path.Combine(_folder, "report.json"), errors = Path.Combine(_folder, "errors.jsonl");
        var result = await CliProcess.RunWithInputAsync(
            "{\"a\":\"Good morning\"}\n{}\n\nno json\n", "pipe", "Translate to German.", "--no-config", "-i", "jsonl", "-k", ".a", "--report", report,
            "--errors", errors, "--progress", "json", "--on-fail", "mark=???");
        Assert.Equal((1, "Guten Morgen\n???\n\n???\n"), (result.Code, result.Output));
        JsonElement sum = JsonElement.Parse(await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken));
        Assert.Equal((1, 2, 1), (sum.GetProperty("succeeded").GetInt32(), sum.GetProperty("failed").GetInt32(), sum.GetProperty("blank").GetInt32()));
        string[] failed = await File.ReadAllLinesAsync(errors, TestContext.Current.CancellationToken);
        Assert.Equal([2, 4], failed.Select(line => JsonElement.Parse(line).GetProperty("record").GetInt32()).Order());
    }

    [Fact]
    public async Task Filter_NoRecordKept_EndsWith1()
    {
        var none = await CliProcess.RunWithInputAsync("\n", "pipe", "filter", "is a complaint", "--no-config");
        Assert.Equal((1, ""), (none.Code, none.Output));
    }

    [Fact]
    public async Task Init_AFreshHome_WritesAConfigurationThatIsRead()
    {
        using (var process = CliProcess.StartIn(_folder, "pipe", "init"))
            Assert.Equal(0, await process.WaitAsync());
        Assert.True(File.Exists(Path.Combine(_folder, ".config/sluice/pipe.toml")));
        using (var again = CliProcess.StartIn(_folder, "pipe", "init"))
            Assert.Equal(2, await again.WaitAsync());
        using var listed = CliProcess.StartIn(_folder, "pipe", "presets");
        Assert.Contains("summarize", await listed.OutputAsync(), StringComparison.Ordinal);
    }

    private static string Sample(string name) => Checkout.Read($"examples/pipe/{name}");
}

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

    /// <summary>One after another, each with only what no record before it began with.</summary>
    [Fact]
    public async Task Classify_RecordsWithAPrefixInCommon_ComputesEachOnesOwnTokensAndTheLabels()
    {
        string report = Path.Combine(_folder, "report.json");
        var result = await CliProcess.RunWithInputAsync(
            Sample("tickets.csv"), "pipe", "classify", "--no-config", "-l", "bug,feature,question,billing,other", "--of", "ticket",
            "-i", "csv", "-k", ".text", "-j", "1", "--report", report);
        Assert.Equal(0, result.Code);
        var texts = Sample("tickets.csv").TrimEnd().Split('\n')[1..].Select(row => row.Split(',', 3)[2].Trim('"')).ToList();
        var prompts = texts.Select(text =>
            "<|im_start|>system\nClassify the ticket as bug, feature, question, billing or other. Answer with one word.<|im_end|>\n" +
            $"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n");
        var ids = await CliProcess.RunWithInputAsync(
            string.Concat(prompts.Select(prompt => $"{JsonSerializer.Serialize(prompt)}\n")), "model", "tokenize", "--jsonl", "-");
        var tokens = ids.Output.TrimEnd().Split('\n').Select(line => JsonSerializer.Deserialize<int[]>(line)!).ToList();
        int shared = tokens.Select((own, i) =>
            tokens.Take(i).Select(before => before.AsSpan().CommonPrefixLength(own)).DefaultIfEmpty().Max()).Sum();
        JsonElement sum = JsonElement.Parse(await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken));
        Assert.Equal(tokens.Sum(own => own.Length), sum.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(tokens.Sum(own => own.Length) - shared, sum.GetProperty("computed_tokens").GetInt32());
        Assert.Equal(5 * texts.Count, sum.GetProperty("completion_tokens").GetInt32());
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
    [InlineData("pipe", "x", "-n", "0")]
    [InlineData("pipe", "classify", "-l", "a,b", "-n", "2")]
    [InlineData("pipe", "x", "--json")]
    [InlineData("pipe", "x", "--regex", "(?<=a)b")]
    [InlineData("pipe", "x", "--requests-per-minute", "10")]
    [InlineData("pipe", "x", "--report", "/no/such/folder/report.json")]
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
    public async Task Pipe_AGrammar_IsWhatAnswersAreOfAndOneThatIsWrongIsRefused()
    {
        string grammar = Path.Combine(_folder, "answer.gbnf");
        await File.WriteAllTextAsync(grammar, "root ::= \"(\" [0-9] \")\"", TestContext.Current.CancellationToken);
        var result = await CliProcess.RunWithInputAsync(
            "Good morning\nGood night\n", "pipe", "Count.", "--no-config", "--grammar", grammar);
        Assert.Equal(0, result.Code);
        Assert.Matches(@"\A(\([0-9]\)\n){2}\z", result.Output);
        await File.WriteAllTextAsync(grammar, "root ::= missing", TestContext.Current.CancellationToken);
        result = await CliProcess.RunWithInputAsync("x\n", "pipe", "Count.", "--no-config", "--grammar", grammar);
        Assert.Equal((2, ""), (result.Code, result.Output));
    }

    /// <summary>The embedded model makes little of several records, but its answers have the numbers that they must have.</summary>
    [Fact]
    public async Task Pipe_SeveralRecordsPerCall_AreEachAnsweredOnceInOneCall()
    {
        string report = Path.Combine(_folder, "report.json");
        var result = await CliProcess.RunWithInputAsync(
            "The page crashes.\n\nI was charged twice.\nPlease add a dark mode.\n", "pipe", "Classify the text.", "--no-config", "-n", "3",
            "--choices", "bug,billing,feature", "--report", report, "--trace", "4");
        Assert.Equal(0, result.Code);
        Assert.Matches(@"\A(bug|billing|feature)\n\n(bug|billing|feature)\n(bug|billing|feature)\n\z", result.Output);
        JsonElement sum = JsonElement.Parse(await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken));
        Assert.Equal((3, 1), (sum.GetProperty("asked").GetInt32(), sum.GetProperty("calls").GetInt32()));
    }

    [Fact]
    public async Task Pipe_ADryRun_CountsWhatTheRunUses()
    {
        string input = Sample("greetings.txt"), report = Path.Combine(_folder, "report.json");
        var dry = await CliProcess.RunWithInputAsync(
            input, "pipe", "Translate to German.", "--no-config", "--dry-run", "--json", "--price", "1,2");
        var sampled = await CliProcess.RunWithInputAsync(
            input, "pipe", "Translate to German.", "--no-config", "--sample", "4", "--json", "--price", "1,2");
        await CliProcess.RunWithInputAsync(input, "pipe", "Translate to German.", "--no-config", "--report", report, "--price", "1,2");
        JsonElement ran = JsonElement.Parse(await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken));
        JsonElement foretold = JsonElement.Parse(dry.Output), measured = JsonElement.Parse(sampled.Output);
        Assert.Equal(ran.GetProperty("prompt_tokens").GetInt64(), foretold.GetProperty("prompt_tokens").GetProperty("value").GetInt64());
        Assert.Equal(JsonValueKind.Null, foretold.GetProperty("answer_tokens").ValueKind);
        Assert.Equal(
            ran.GetProperty("completion_tokens").GetInt64(), measured.GetProperty("answer_tokens").GetProperty("value").GetInt64());
        Assert.Equal(ran.GetProperty("cost_usd").GetDouble(), measured.GetProperty("cost_usd").GetProperty("value").GetDouble(), 6);
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

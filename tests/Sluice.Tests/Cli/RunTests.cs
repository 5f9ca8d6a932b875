using System.Text.Json;

namespace Sluice.Tests.Cli;

/// <summary><c>sluice run</c> with the embedded model; expected texts are those of its card.</summary>
public sealed class RunTests
{
    private const string Introduction = "I am Sluice's built-in demo model, a tiny language model with about four million parameters.";

    [Fact]
    public async Task Run_Prompt_WritesTheAnswerToStdoutAndStatisticsToStderr()
    {
        var result = await CliProcess.RunAsync("run", "-p", "Who are you?", "--temp", "0");
        Assert.Equal((0, Introduction + "\n"), (result.Code, result.Output));
        Assert.Matches(@"^sluice: prompt 12 tokens, .*first token after .*answer 20 tokens, .*tokens/s\n$", result.Error);
    }

    [Fact]
    public async Task Run_PromptOnStandardInput_IsRead()
    {
        var result = await CliProcess.RunWithInputAsync("Who are you?\n", "run", "--temp", "0");
        Assert.Equal((0, Introduction + "\n"), (result.Code, result.Output));
    }

    [Fact]
    public async Task Run_System_SaysWhatToDo()
    {
        var result = await CliProcess.RunAsync("run", "--temp", "0", "--system",
            "Classify the text as bug, billing, praise, question or other. Answer with one word.",
            "-p", "The checkout page crashes when I click save.");
        Assert.Equal("bug\n", result.Output);
    }

    [Fact]
    public async Task Run_Raw_ContinuesTheTextToTheByte()
    {
        var result = await CliProcess.RunAsync("run", "--raw", "--temp", "0", "-p", "Once upon a time, there was a little fox named Mia.");
        Assert.StartsWith(" One cold night, Mia heard a strange sound near the river.", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("From that day on, they were good friends. The end.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Json_IsOneObjectAndStderrIsSilent()
    {
        var result = await CliProcess.RunAsync("run", "-p", "Who are you?", "--temp", "0", "-n", "5", "--seed", "7", "--json");
        Assert.Equal((0, ""), (result.Code, result.Error));
        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal("length", json.RootElement.GetProperty("finish_reason").GetString());
        Assert.Equal(5, json.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(7, json.RootElement.GetProperty("seed").GetInt64());
        Assert.StartsWith(json.RootElement.GetProperty("text").GetString()!, Introduction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SameSeed_GivesTheSameAnswer()
    {
        string[] args = ["run", "-p", "Tell me a story about a fox", "--temp", "1.5", "--seed", "42", "-n", "40"];
        var first = await CliProcess.RunAsync(args);
        var second = await CliProcess.RunAsync(args);
        Assert.Equal(first.Output, second.Output);
        Assert.NotEmpty(first.Output.Trim());
    }

    [Fact]
    public async Task Run_Stop_EndsBeforeTheText()
    {
        var result = await CliProcess.RunAsync("run", "-p", "Who are you?", "--temp", "0", "--stop", " demo");
        Assert.Equal("I am Sluice's built-in\n", result.Output);
    }

    [Theory]
    [InlineData("--kv", "f32")]
    [InlineData("--kv", "q8_0")]
    [InlineData("-t", "1")]
    [InlineData("--context", "64")]
    [InlineData("--kv-bytes", "8M")]
    [InlineData("--kv-window", "900")] // more than question and answer have
    public async Task Run_EngineOption_GivesTheSameGreedyAnswer(string option, string value)
    {
        var result = await CliProcess.RunAsync("run", "-p", "Who are you?", "--temp", "0", option, value);
        Assert.Equal((0, Introduction + "\n"), (result.Code, result.Output));
    }

    [Theory]
    [InlineData("-n takes a whole number of at least 1, not '0'.", "-n", "0")]
    [InlineData("--temp takes a number from 0 to 2, not 'hot'.", "--temp", "hot")]
    [InlineData("--top-p takes a number from 0 to 1, not '1.5'.", "--top-p", "1.5")]
    [InlineData("--kv takes f16 or f32 or q8_0 or q4_0, not 'q8'.", "--kv", "q8")]
    [InlineData("--kv-bytes takes a size such as 512M or 4G, not '4 gigs'.", "--kv-bytes", "4 gigs")]
    [InlineData("--mirostat takes a whole number from 0 to 2, not '3'.", "--mirostat", "3")]
    [InlineData("--dry-base takes a number from 1 to 100, not '0.5'.", "--dry-base", "0.5")]
    [InlineData("--logit-bias takes a token id, '=' and a number from -100 to 100, not '5'.", "--logit-bias", "5")]
    [InlineData("Unknown option '--frobnicate'.", "--frobnicate")]
    public async Task Run_WrongOption_IsAUsageErrorInOneLine(string problem, params string[] args)
    {
        var result = await CliProcess.RunAsync(["run", "-p", "x", .. args]);
        Assert.Equal((2, "", $"sluice: {problem} See: sluice run --help\n"), (result.Code, result.Output, result.Error));
    }

    /// <summary>Each flag reaches the sampler: an answer that was drawn with it is another one.</summary>
    [Theory]
    [InlineData("--ignore-eos")]
    [InlineData("--min-tokens", "60")]
    [InlineData("--dynatemp-range", "1.2", "--dynatemp-exponent", "0.5")]
    [InlineData("--top-n-sigma", "0.5")]
    [InlineData("--typical-p", "0.2", "--min-keep", "2")]
    [InlineData("--xtc-probability", "1", "--xtc-threshold", "0.01")]
    [InlineData("--dry-multiplier", "5", "--dry-allowed-length", "0", "--dry-base", "2", "--dry-penalty-last-n", "-1", "--dry-sequence-breaker", "zzz")]
    [InlineData("--repeat-penalty", "1.5", "--repeat-last-n", "8")]
    [InlineData("--mirostat", "2", "--mirostat-tau", "1", "--mirostat-eta", "0.5")]
    public async Task Run_SamplerFlag_ChangesWhatIsDrawn(params string[] flags)
    {
        string[] args = ["run", "-p", "Who are you?", "--temp", "1.6", "--seed", "4", "-n", "60"];
        var plain = await CliProcess.RunAsync(args);
        var changed = await CliProcess.RunAsync([.. args, .. flags]);
        Assert.Equal((0, 0), (plain.Code, changed.Code));
        Assert.NotEqual(plain.Output, changed.Output);
    }

    [Fact]
    public async Task Run_LogitBias_ForcesAToken()
    {
        var result = await CliProcess.RunAsync("run", "--raw", "-p", "x", "-n", "3", "--logit-bias", "100=100");
        Assert.Equal(0, result.Code);
        Assert.NotEmpty(result.Output);
        Assert.Equal(string.Concat(Enumerable.Repeat(result.Output[..(result.Output.Length / 3)], 3)), result.Output);
    }

    [Fact]
    public async Task Run_MirostatBesideAnotherFilter_SaysWhichToLeaveOut()
    {
        var result = await CliProcess.RunAsync("run", "-p", "x", "--mirostat", "2", "--top-k", "5");
        Assert.NotEqual(0, result.Code);
        Assert.Contains("'mirostat' takes the place of 'top_k'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoPrompt_SaysHowToGiveOne()
    {
        var result = await CliProcess.RunWithInputAsync("", "run");
        Assert.Equal((2, "", "sluice: There is no prompt: give -p PROMPT or pipe one in.\n"), (result.Code, result.Output, result.Error));
    }

    [Fact]
    public async Task Run_RawWithSystem_IsRefused()
    {
        var result = await CliProcess.RunAsync("run", "--raw", "--system", "a", "-p", "b");
        Assert.Equal((2, ""), (result.Code, result.Output));
    }

    [Fact]
    public async Task Run_PromptThatBeginsWithAt_IsNoFileName()
    {
        var result = await CliProcess.RunAsync("run", "-p", "@nobody", "-n", "1");
        Assert.Equal(0, result.Code);
    }

    [Fact]
    public async Task Run_PromptLongerThanTheContext_FailsInOneLine()
    {
        var result = await CliProcess.RunAsync("run", "-p", string.Concat(Enumerable.Repeat("hello ", 3000)));
        Assert.Equal((1, ""), (result.Code, result.Output));
        Assert.Matches(@"^sluice: [^\n]*context is 1024 tokens[^\n]*\n$", result.Error);
    }

    [Fact]
    public async Task Run_NoSuchModel_FailsInOneLine()
    {
        var result = await CliProcess.RunAsync("run", "no-such.gguf", "-p", "x");
        Assert.Equal((1, ""), (result.Code, result.Output));
        Assert.Matches(@"^sluice: [^\n]*no-such\.gguf[^\n]*\n$", result.Error);
    }

    [Fact]
    public async Task Run_DamagedModel_FailsInOneLine()
    {
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, "GGUF\u0003\0\0\0"u8.ToArray(), TestContext.Current.CancellationToken);
            var result = await CliProcess.RunAsync("run", path, "-p", "x");
            Assert.Equal((1, ""), (result.Code, result.Output));
            Assert.StartsWith($"sluice: {path}: ", result.Error, StringComparison.Ordinal);
            Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Run_Verbose_AddsTheStack()
    {
        var result = await CliProcess.RunAsync("run", "no-such.gguf", "-p", "x", "--verbose");
        Assert.Equal(1, result.Code);
        Assert.Contains("   at Sluice.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Window_ChangesWhatTheModelSees()
    {
        var kept = await CliProcess.RunAsync("run", "-p", "Who are you?", "--temp", "0", "--kv-window", "3", "--kv-sinks", "1", "-n", "20");
        Assert.Equal(0, kept.Code);
        Assert.NotEqual(Introduction + "\n", kept.Output);
        var wrong = await CliProcess.RunAsync("run", "-p", "Who are you?", "--kv-sinks", "4");
        Assert.Equal((2, "sluice: --kv-sinks counts only beside --kv-window: add --kv-window N.\n"), (wrong.Code, wrong.Error));
        wrong = await CliProcess.RunAsync("run", "-p", "Who are you?", "--kv-heavy", "4");
        Assert.Equal((2, "sluice: --kv-heavy counts only beside --kv-window: add --kv-window N.\n"), (wrong.Code, wrong.Error));
    }

    [Fact]
    public async Task Run_CacheFile_IsMadeWhereItIsAskedFor()
    {
        string folder = Directory.CreateTempSubdirectory("sluice-run-").FullName;
        var cached = await CliProcess.RunAsync(
            "run", "-p", "Who are you?", "--temp", "0", "--kv-cache-dir", folder, "--kv-cache-bytes", "8M");
        Assert.Equal((0, Introduction + "\n"), (cached.Code, cached.Output));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        Directory.Delete(folder);
        var wrong = await CliProcess.RunAsync("run", "-p", "Who are you?", "--kv-cache-bytes", "8M");
        Assert.Equal(
            (2, "sluice: --kv-cache-bytes is the size of a file: say where with --kv-cache-dir DIR.\n"), (wrong.Code, wrong.Error));
    }

    [Fact]
    public async Task Run_ContextThatTheModelDoesNotHave_IsRefusedUnlessAskedForByName()
    {
        var refused = await CliProcess.RunAsync("run", "-p", "Who are you?", "--context", "4096");
        Assert.Equal((2, "sluice: 'demo' was made for 1024 tokens, --context asks for 4096: ask for fewer, or add --beyond-training.\n"),
            (refused.Code, refused.Error));
        var allowed = await CliProcess.RunAsync("run", "-p", "Who are you?", "--temp", "0", "--context", "4096", "--beyond-training");
        Assert.Equal((0, Introduction + "\n"), (allowed.Code, allowed.Output));
    }

    [Fact]
    public async Task Run_ContextThatKvCannotHold_IsRefusedWithTheFigures()
    {
        var result = await CliProcess.RunAsync("run", "-p", "Who are you?", "--context", "131072", "--beyond-training", "--kv-bytes", "1M");
        Assert.Equal((1, ""), (result.Code, result.Output));
        Assert.Matches(@"^sluice: a context of 131072 tokens needs [0-9.]+ MiB of KV in F16, but KV may take 1.0 MiB: .*at most [0-9]+ tokens.*\n$", result.Error);
    }

    [Fact]
    public async Task Run_Verbose_SaysWhatTheModelMayUse()
    {
        var result = await CliProcess.RunAsync("run", "-p", "Who are you?", "--temp", "0", "--context", "512", "--verbose");
        Assert.Equal((0, Introduction + "\n"), (result.Code, result.Output));
        Assert.Matches(@"^sluice: demo: context 512 tokens, KV [0-9.]+ [KM]iB in F16 for 512 tokens, 1 at once; ", result.Error);
    }
}

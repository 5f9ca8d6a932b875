using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.Tests.Cli;

public sealed partial class ServeTests
{
    [Fact]
    public async Task Serve_Demo_AnswersUntilSigterm()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix signals");
        using var process = CliProcess.Start("serve", "--urls", "http://127.0.0.1:0", "-t", "1");
        string url = Address().Match(await process.ReadErrorLineAsync()).Value;
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        var request = new { model = "demo", temperature = 0, messages = new[] { new { role = "user", content = "Who are you?" } } };
        using var response = await client.PostAsJsonAsync("/v1/chat/completions", request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        string? content = answer.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
        Assert.StartsWith("I am Sluice", content, StringComparison.Ordinal);

        await process.SignalAsync("TERM");
        Assert.Equal(0, await process.WaitAsync());
        Assert.Equal("", await process.OutputAsync());
    }

    [Fact]
    public async Task Serve_IdleUnload_ListsAllModelsAndLoadsTheOneThatIsAskedFor()
    {
        using var process = CliProcess.Start(
            "serve", "demo", "demo-draft", "--urls", "http://127.0.0.1:0", "-t", "1", "--idle-unload", "1s");
        string line = await process.ReadErrorLineAsync();
        Assert.Contains("serving demo, demo-draft on", line, StringComparison.Ordinal);
        using var client = new HttpClient { BaseAddress = new Uri(Address().Match(line).Value) };
        string list = await client.GetStringAsync("/v1/models", TestContext.Current.CancellationToken);
        Assert.Contains("\"demo-draft\"", list, StringComparison.Ordinal);
        var request = new { model = "demo", prompt = "Once", max_tokens = 4 };
        for (int i = 0; i < 2; i++)
        {
            using var response = await client.PostAsJsonAsync("/v1/completions", request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.StartsWith("sluice: demo: context 1024 tokens, KV ", await process.ReadErrorLineAsync(), StringComparison.Ordinal);
            Assert.Equal("sluice: demo: unloaded", await process.ReadErrorLineAsync());
        }
    }

    [Fact]
    public async Task Serve_Idle_UsesNoProcessor()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        var cancellation = TestContext.Current.CancellationToken;
        using var process = CliProcess.Start("serve", "--urls", "http://127.0.0.1:0");
        string url = Address().Match(await process.ReadErrorLineAsync()).Value;
        var request = new { model = "demo", prompt = "Once", max_tokens = 8 };
        using (var client = new HttpClient { BaseAddress = new Uri(url) })
        using (var answer = await client.PostAsJsonAsync("/v1/completions", request, cancellation))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        // The runtime compiles what the request made hot in the seconds after it, so of several windows one must be idle. A thread that
        // spins or a timer that does real work takes far more than this in every one.
        const int MostTicks = 6; // of ten milliseconds, in two seconds: 3 %
        long used = long.MaxValue;
        for (int window = 0; window < 10 && used > MostTicks; window++)
        {
            long before = ProcessorTicks(process.Id);
            await Task.Delay(TimeSpan.FromSeconds(2), cancellation);
            used = ProcessorTicks(process.Id) - before;
        }
        Assert.True(used <= MostTicks, $"{used} ticks in two seconds without a request");
    }

    [Theory]
    [InlineData("serve", "-c", "sluice.yaml")]
    [InlineData("serve", "--urls", "8080")]
    [InlineData("serve", "demo", "demo")]
    [InlineData("serve", "--idle-unload", "soon")]
    [InlineData("serve", "--idle-unload", "0")]
    [InlineData("serve", "--context", "5000")]
    [InlineData("serve", "--context", "5000", "--idle-unload", "10m")]
    public async Task Serve_WrongArguments_AreUsageErrors(params string[] args)
    {
        var result = await CliProcess.RunAsync(args);
        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.Matches(@"^sluice: [^\n]+\n$", result.Error);
    }

    /// <summary>What a process has used of the processor, in user and system mode.</summary>
    private static long ProcessorTicks(int id)
    {
        string stat = File.ReadAllText($"/proc/{id}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // the name before it may hold anything; the state is field 3
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}

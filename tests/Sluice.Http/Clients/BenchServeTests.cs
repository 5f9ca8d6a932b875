using System.Runtime.CompilerServices;
using System.Text.Json;
using Sluice.Http.Fakes;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using Sluice.Tests.Cli;

namespace Sluice.Http.Clients;

/// <summary><c>sluice bench serve</c> against a server whose latencies are known.</summary>
public sealed class BenchServeTests
{
    private const int FirstMs = 120;
    private const int NextMs = 30;
    private const int Pieces = 4;

    [Fact]
    public async Task BenchServe_KnownLatencies_AreWhatItMeasures()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource { Script = Timed });
        JsonElement figures = await MeasureAsync(server, 0, "--rate", "20", "--duration", "2", "--slo-ttft", "100000", "--slo-itl", "1");
        int requests = figures.GetProperty("requests").GetInt32();
        Assert.InRange(requests, 15, 75); // of 40 expected; which ones is up to the seed alone
        Assert.Equal(requests, figures.GetProperty("answered").GetInt32());
        Assert.Equal(Pieces * requests, figures.GetProperty("output_tokens").GetInt32());
        Assert.Equal(3 * requests, figures.GetProperty("cached_tokens").GetInt32());
        Assert.Equal(3 * requests, figures.GetProperty("itl_ms").GetProperty("count").GetInt32());
        // A server is never earlier than it waits; how much later depends on the machine.
        Assert.InRange(Median(figures, "ttft_ms"), FirstMs, FirstMs + 1000);
        Assert.InRange(Median(figures, "tpot_ms"), NextMs - 1, NextMs + 300);
        Assert.InRange(Median(figures, "latency_ms"), FirstMs + 3 * NextMs, FirstMs + 3 * NextMs + 2000);
        // Nobody gives a token a millisecond; but pieces that a busy machine brings late come together.
        Assert.InRange(figures.GetProperty("goodput").GetProperty("requests").GetInt32(), 0, requests / 3);
    }

    [Fact]
    public async Task BenchServe_SameSeed_SendsTheSameRequests()
    {
        var source = new ScriptedSource();
        await using TestServer server = await TestServer.StartAsync(source);
        string[] load = ["--concurrency", "1", "--duration", "0.3", "--api", "completions", "--prefix-tokens", "10", "--body", "{\"temperature\":0.5}"];
        string?[][] runs = [await PromptsAsync(), await PromptsAsync()];
        Assert.True(runs.Min(prompts => prompts.Length) > 3);
        Assert.Equal(runs[0].Take(3), runs[1].Take(3));

        async Task<string?[]> PromptsAsync()
        {
            source.Seen.Clear();
            await MeasureAsync(server, 0, load);
            Assert.All(source.Seen, request => Assert.True(request is { Stream: true, IncludeUsage: true, Temperature: 0.5f }));
            return [.. source.Seen.Skip(2).Select(request => request.Prompts!.Single().Text)]; // two came to see what words come to
        }
    }

    [Fact]
    public async Task BenchServe_SomeRefused_CountsThemByKind()
    {
        int asked = 0;
        var source = new ScriptedSource
        {
            Preparing = (_, _) => Interlocked.Increment(ref asked) is > 2 and var n && n % 2 == 0
                ? throw new SourceException(SourceFailure.Busy, "too many here")
                : Task.CompletedTask,
        };
        await using TestServer server = await TestServer.StartAsync(source);
        JsonElement figures = await MeasureAsync(server, 0, "--concurrency", "2", "--duration", "0.6");
        int refused = figures.GetProperty("failures").GetProperty("HTTP 429").GetInt32();
        Assert.True(refused > 0);
        Assert.Equal(figures.GetProperty("requests").GetInt32(), refused + figures.GetProperty("answered").GetInt32());
    }

    [Fact]
    public async Task BenchServe_Interrupted_ReportsWhatItHas()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix signals");
        int asked = 0;
        var thirdAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var source = new ScriptedSource
        {
            Preparing = async (_, cancellation) =>
            {
                if (Interlocked.Increment(ref asked) <= 4)
                    return;
                thirdAsked.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellation);
            },
        };
        await using TestServer server = await TestServer.StartAsync(source);
        string page = Path.GetTempFileName();
        try
        {
            using var process = CliProcess.Start("bench", "serve", "--url", server.Url.AbsoluteUri, "--concurrency", "1", "--duration", "600", "--json", "--html", page);
            await thirdAsked.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            await process.SignalAsync("INT");
            Assert.Equal(130, await process.WaitAsync());
            var figures = JsonElement.Parse(await process.Output.ReadToEndAsync(TestContext.Current.CancellationToken));
            Assert.Equal((3, 2, true), (figures.GetProperty("requests").GetInt32(), figures.GetProperty("answered").GetInt32(), figures.GetProperty("interrupted").GetBoolean()));
            Assert.Contains("broken off", await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(page);
        }
    }

    [Fact]
    public async Task BenchServe_NobodyThere_SaysSoInOneLine()
    {
        var result = await CliProcess.RunAsync("bench", "serve", "--url", "http://127.0.0.1:9", "--rate", "1");
        Assert.Equal((1, ""), (result.Code, result.Output));
        Assert.Matches(@"^sluice: http://127\.0\.0\.1:9/v1/ cannot be reached: [^\n]+\n$", result.Error);
    }

    [Fact]
    public async Task BenchServe_UnknownModel_SaysWhatTheServerSays()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());
        var result = await CliProcess.RunAsync("bench", "serve", "--url", server.Url.AbsoluteUri, "--rate", "1", "--model", "nobody");
        Assert.Equal((1, ""), (result.Code, result.Output));
        Assert.Contains("HTTP 404: The model 'nobody' does not exist", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData()]
    [InlineData("--rate", "1", "--concurrency", "1")]
    [InlineData("--rate", "1", "--url", "localhost")]
    [InlineData("--rate", "1", "--prompt-tokens", "9-3")]
    [InlineData("--rate", "1", "--prefixes", "3")]
    [InlineData("--rate", "1", "--body", "[]")]
    [InlineData("--rate", "1", "--api-key", "sk-123")]
    [InlineData("--rate", "1", "--html", "/no/such/folder/page.html")]
    public async Task BenchServe_WrongArguments_AreUsageErrors(params string[] args)
    {
        var result = await CliProcess.RunAsync(["bench", "serve", .. args]);
        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.Matches(@"^sluice: [^\n]+\n$", result.Error);
    }

    private static double Median(JsonElement figures, string name) => figures.GetProperty(name).GetProperty("p50").GetDouble();

    private static async Task<JsonElement> MeasureAsync(TestServer server, int code, params string[] load)
    {
        var result = await CliProcess.RunAsync(["bench", "serve", "--url", server.Url.AbsoluteUri, "--json", .. load]);
        Assert.True(result.Code == code, result.Error);
        return JsonElement.Parse(result.Output);
    }

    private static async IAsyncEnumerable<CompletionEvent> Timed(CompletionRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (int piece = 0; piece < Pieces; piece++)
        {
            await Task.Delay(piece == 0 ? FirstMs + 1 : NextMs + 1, cancellation); // timers may be early by a fraction of a millisecond
            yield return new CompletionEvent(0, "word ");
        }
        yield return new CompletionEvent(0, "", "stop", new Usage(7, Pieces, 3));
    }
}

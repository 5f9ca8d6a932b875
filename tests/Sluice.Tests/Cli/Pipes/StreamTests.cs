using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Sluice.Bench.Pipe;

namespace Sluice.Tests.Cli.Pipes;

/// <summary><c>sluice pipe --stream=jsonl</c> as a process.</summary>
public sealed class StreamTests
{
    private static readonly (string, string)[] EventStream = [("content-type", "text/event-stream")];

    [Fact]
    public async Task Pipe_AModelInThisProcess_TheDeltasOfARecordAreItsAnswer()
    {
        const string Input = "Portugal\nNorway\n";
        string[] asks = ["pipe", "What is the capital of {}?", "--no-config"];
        string[] answers = (await CliProcess.RunWithInputAsync(Input, asks)).Output.TrimEnd().Split('\n');
        var result = await CliProcess.RunWithInputAsync(Input, [.. asks, "--stream=jsonl"]);
        Assert.Equal(0, result.Code);
        JsonElement[] events = [.. result.Output.TrimEnd().Split('\n').Select(line => JsonElement.Parse(line))];
        Assert.Equal(answers, new[] { Deltas(events, 1), Deltas(events, 2) });
        Assert.True(events.Length > 4, "an answer of several tokens comes in several events");
    }

    [Fact]
    public async Task Pipe_AServer_IsAskedForAStreamWhoseFramesAreTold()
    {
        var asked = new List<JsonElement>();
        await using var server = new FakeServer(request =>
        {
            lock (asked)
                asked.Add(JsonElement.Parse(request.Body));
            return new FakeReply(200, Encoding.UTF8.GetBytes(string.Concat(
                Frame("""{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}"""),
                Frame("""{"choices":[{"index":0,"delta":{"content":"Gr"},"finish_reason":null}]}"""),
                Frame("""{"choices":[{"index":0,"delta":{"content":"üße"},"finish_reason":null}]}"""),
                Frame("""{"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}"""),
                Frame("""{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}"""),
                Frame("[DONE]"))))
            { Headers = EventStream };
        });
        var result = await CliProcess.RunWithInputAsync(
            "x\n", "pipe", "Greet.", "-u", $"http://127.0.0.1:{server.Port}", "-m", "m", "--stream=jsonl", "--no-config",
            "--progress", "json");
        Assert.Equal(0, result.Code);
        JsonElement[] events = [.. result.Output.TrimEnd().Split('\n').Select(line => JsonElement.Parse(line))];
        Assert.Equal("Grüße", Deltas(events, 1));
        Assert.Equal("""{"id":1,"status":"truncated"}""", result.Output.TrimEnd().Split('\n')[^1]);
        Assert.True(Assert.Single(asked).GetProperty("stream").GetBoolean());
        Assert.Contains("\"completion_tokens\":2", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipe_AStreamThatBreaksOff_FailsItsRecordAndIsNotBegunOnceMore()
    {
        int asked = 0;
        await using var server = new FakeServer(_ =>
        {
            Interlocked.Increment(ref asked);
            return new FakeReply(200, Encoding.UTF8.GetBytes(
                Frame("""{"choices":[{"index":0,"delta":{"content":"Gr"},"finish_reason":null}]}""")))
            { Headers = EventStream };
        });
        var result = await CliProcess.RunWithInputAsync(
            "x\n", "pipe", "Greet.", "-u", $"http://127.0.0.1:{server.Port}", "-m", "m", "--stream=jsonl", "--no-config");
        Assert.Equal(1, result.Code);
        string[] lines = result.Output.TrimEnd().Split('\n');
        Assert.Equal("""{"id":1,"delta":"Gr"}""", lines[0]);
        Assert.StartsWith("""{"id":1,"status":"failed","error":""", lines[1], StringComparison.Ordinal);
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData("-o", "csv")]
    [InlineData("-a", ".answer")]
    [InlineData("--on-fail", "drop")]
    [InlineData("-n", "2")]
    public async Task Pipe_AnotherFormBesideEvents_IsRefused(params string[] flags)
    {
        var result = await CliProcess.RunWithInputAsync("x\n", ["pipe", "Greet.", "--stream=jsonl", "--no-config", .. flags]);
        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.Contains("--stream=jsonl", result.Error, StringComparison.Ordinal);
    }

    /// <summary>On a terminal the answer is the line that it would be elsewhere.</summary>
    [Fact]
    public async Task Pipe_OnATerminal_TheLineIsTheAnswer()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "needs script(1) for a terminal");
        using var shell = Process.Start(new ProcessStartInfo("/usr/bin/script", [
            "-qec", $"echo Portugal | {CliProcess.Executable} pipe 'What is the capital of {{}}?' --no-config --progress none", "/dev/null"])
        {
            RedirectStandardOutput = true, RedirectStandardInput = true,
        })!;
        shell.StandardInput.Close();
        string seen = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("The capital of Portugal is Lisbon.\r\n", seen, StringComparison.Ordinal);
    }

    private static string Frame(string data) => $"data: {data}\n\n";

    private static string Deltas(IEnumerable<JsonElement> events, int record) => string.Concat(events
        .Where(one => one.GetProperty("id").GetInt32() == record && one.TryGetProperty("delta", out _))
        .Select(one => one.GetProperty("delta").GetString())).Trim();
}

using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Sluice.Bench.Pipe;

namespace Sluice.Tests.Cli.Pipes;

/// <summary><c>sluice pipe --hedge</c> as a process, against a server that forgets a request.</summary>
public sealed class HedgeTests
{
    private const int Records = 300;
    private const string Forgotten = "117";

    [Fact]
    public async Task Pipe_OneRequestNeverAnswered_ItsRecordIsAskedAgainAndEachIsAnsweredOnce()
    {
        var asked = new ConcurrentDictionary<string, int>();
        await using var server = new FakeServer(request =>
        {
            string record = JsonElement.Parse(request.Body).GetProperty("messages")[1].GetProperty("content").GetString()!;
            int times = asked.AddOrUpdate(record, 1, (_, count) => count + 1);
            byte[] answer = Encoding.UTF8.GetBytes($$"""
                {"choices":[{"index":0,"message":{"role":"assistant","content":"a{{record}}"},"finish_reason":"stop"}]}
                """);
            return new FakeReply(200, answer) { Delay = times == 1 && record == Forgotten ? TimeSpan.FromDays(1) : TimeSpan.Zero };
        });
        string input = string.Concat(Enumerable.Range(1, Records).Select(i => $"{i}\n"));
        var result = await CliProcess.RunWithInputAsync(
            input, "pipe", "Echo.", "-u", $"http://127.0.0.1:{server.Port}", "-m", "m", "-j", "4", "--hedge", "--no-config");
        Assert.Equal(0, result.Code);
        Assert.Equal(string.Concat(Enumerable.Range(1, Records).Select(i => $"a{i}\n")), result.Output);
        Assert.Equal(2, asked[Forgotten]);
        Assert.Equal(Records, asked.Count);
        Assert.InRange(asked.Values.Sum(), Records + 1, 2 * Records); // how many more is a matter of time
    }

    [Fact]
    public async Task Pipe_AModelInThisProcess_IsNotHedged()
    {
        var result = await CliProcess.RunWithInputAsync("x\n", "pipe", "Echo.", "--hedge", "--no-config");
        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.Contains("--hedge", result.Error, StringComparison.Ordinal);
    }
}

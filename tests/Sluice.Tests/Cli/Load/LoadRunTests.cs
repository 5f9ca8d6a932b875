using System.Text;
using Sluice.Cli.Load;

namespace Sluice.Tests.Cli.Load;

/// <summary>Runs against a server that is a function.</summary>
public sealed class LoadRunTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task RunOpen_AServerThatAnswersLate_DelaysNoOtherRequest()
    {
        var clock = new LoadClock();
        int running = 0, most = 0;
        var run = new LoadRun(clock, _ => [], async (_, _, cancellation) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Delay(Second + TimeSpan.FromMilliseconds(5), cancellation); // timers may be early by a fraction of a millisecond
            Interlocked.Decrement(ref running);
            return await AnswerAsync(clock);
        });
        await run.RunOpenAsync(At(0, 50, 100, 150, 2000), Second, TestContext.Current.CancellationToken);
        Assert.Equal(4, most); // the fifth is due after the end
        Assert.Equal([0, 50, 100, 150], run.Measured.Select(request => request.Due.TotalMilliseconds));
        Assert.All(run.Measured, request => Assert.True(request.FirstToken >= Second && request.Lateness >= TimeSpan.Zero));
    }

    /// <summary>A generator that falls behind must not make the server look fast: latencies count from when a request was due.</summary>
    [Fact]
    public async Task RunOpen_AGeneratorThatFallsBehind_IsPartOfEveryLatency()
    {
        var clock = new LoadClock();
        using var slow = new ManualResetEventSlim();
        byte[] Write(PlannedRequest plan)
        {
            slow.Wait(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken); // never set
            return [];
        }
        var run = new LoadRun(clock, Write, (_, _, _) => AnswerAsync(clock));
        await run.RunOpenAsync(At(0, 1, 2, 3), Second, TestContext.Current.CancellationToken);
        var last = run.Measured[^1];
        Assert.True(last.Lateness >= TimeSpan.FromMilliseconds(390), $"late by {last.Lateness}");
        Assert.All(run.Measured, request => Assert.True(request.FirstToken >= request.Lateness && request.Latency >= request.FirstToken));
    }

    [Fact]
    public async Task RunClosed_Clients_AskOneAfterTheOther()
    {
        var clock = new LoadClock();
        int running = 0, most = 0;
        var run = new LoadRun(clock, _ => [], async (_, _, cancellation) =>
        {
            int now = Interlocked.Increment(ref running);
            lock (clock)
                most = Math.Max(most, now);
            await Task.Delay(20, cancellation);
            Interlocked.Decrement(ref running);
            return await AnswerAsync(clock);
        });
        await run.RunClosedAsync(LoadTrace.Draw(Trace), 3, TimeSpan.FromSeconds(0.5), TestContext.Current.CancellationToken);
        Assert.Equal(3, most);
        Assert.True(run.Measured.Count > 3);
        Assert.Equal(Enumerable.Range(0, run.Measured.Count), run.Measured.Select(request => request.Plan.Index));
    }

    [Fact]
    public async Task Run_BrokenOff_KeepsWhatItHas()
    {
        var clock = new LoadClock();
        using var broken = new CancellationTokenSource();
        var run = new LoadRun(clock, _ => [], async (_, _, cancellation) =>
        {
            if (clock.Now < TimeSpan.FromMilliseconds(60))
                return await AnswerAsync(clock);
            await broken.CancelAsync();
            var answer = new StreamedAnswer(clock);
            answer.Fail(LoadFailure.Interrupted, "");
            return answer;
        });
        await run.RunOpenAsync(At(0, 100, 60_000), TimeSpan.FromHours(1), broken.Token);
        var report = Report(run.Measured, broken: true);
        Assert.Equal((2, 1, 1), (report.Requests.Count, report.Answered.Count, report.Ended.Count));
        Assert.Empty(report.Failures);
    }

    internal static readonly TraceSettings Trace = new() { Rate = 10, Prompt = LengthMix.Parse("8")!, Output = LengthMix.Parse("8")! };

    internal static LoadReport Report(IReadOnlyList<MeasuredRequest> requests, bool broken = false, LatencyTarget? target = null,
        TraceSettings? trace = null) => new(
        new LoadSettings(trace ?? Trace, null, TimeSpan.FromSeconds(10), target ?? new LatencyTarget(null, null)),
        new Uri("http://test/v1/"), "model", new TokenScale(0, 1, Measured: true), requests, TimeSpan.FromSeconds(10), broken);

    private static IEnumerable<PlannedRequest> At(params int[] ms) =>
        ms.Select((at, index) => new PlannedRequest(index, TimeSpan.FromMilliseconds(at), 8, 0, 8, 0, 1));

    private static async Task<StreamedAnswer> AnswerAsync(LoadClock clock)
    {
        var answer = new StreamedAnswer(clock);
        using var stream = new MemoryStream(
            Encoding.UTF8.GetBytes("data: {\"choices\":[{\"text\":\"a\",\"finish_reason\":\"stop\"}]}\n\n"));
        await answer.ReadAsync(stream, CancellationToken.None);
        answer.End();
        return answer;
    }
}

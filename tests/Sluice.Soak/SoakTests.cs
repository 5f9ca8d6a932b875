using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Sluice.Core.Memory;

namespace Sluice.Soak;

/// <summary>
/// Everything at once for a while, over HTTP: 20 seconds, or half an hour where SLUICE_LONG is set (<c>./test --long</c>).
/// </summary>
public sealed class SoakTests
{
    private const int Clients = 24;
    private const double MiB = 1 << 20;

    private static bool IsLong => Environment.GetEnvironmentVariable("SLUICE_LONG") == "1";

    [Fact]
    public async Task RandomMix_TightMemory_LosesNothingAndGrowsNot()
    {
        TimeSpan duration = IsLong ? TimeSpan.FromMinutes(30) : TimeSpan.FromSeconds(20), period = duration / 40;
        long ownersBefore = NativeBuffer.LiveOwners;
        await using var server = await SoakServer.StartAsync();
        var known = await AnswerAloneAsync(server);
        var tally = new SoakTally();
        var memory = new MemoryTrack(server.Device.Memory);

        var clock = Stopwatch.StartNew();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        ended.CancelAfter(duration);
        Task[] clients = [.. Enumerable.Range(0, Clients).Select(i =>
            new SoakClient(server.Client, known, tally, new Random(100 + i)).RunAsync(() => !ended.IsCancellationRequested))];
        while (!ended.IsCancellationRequested && !clients.Any(client => client.IsFaulted))
        {
            memory.Sample(clock.Elapsed.TotalSeconds);
            await Task.WhenAny(Task.Delay(period, CancellationToken.None), Task.WhenAll(clients));
        }
        await Task.WhenAll(clients);
        var load = await WhenIdleAsync(server);
        TestContext.Current.TestOutputHelper?.WriteLine($"{tally}; {load}; growth {memory.Growth()}");

        Assert.Equal(tally.Sent, tally.Ended);
        Assert.Empty(tally.Unexpected());
        Assert.All(Enum.GetValues<SoakKind>(), kind => Assert.True(EndsAsMeant(tally, kind) > 0, $"no {kind} was seen to its end: {tally}"));
        Assert.Equal((0, 0, 0, load.Kv.Blocks), (load.Running, load.Waiting, load.Kv.UsedBlocks, load.Kv.FreeBlocks));
        Assert.True(load.Preemptions > 0, "memory was meant to be too tight for all");
        Assert.True(load.Kv.HitTokens > 0, "prompts were meant to share prefixes");
        Assert.True(load.Drafts.Accepted > 0, "answers were meant to be written ahead");
        Assert.Equal(known, await AnswerAloneAsync(server)); // and after all that it still answers as at first
        RequireFlat(memory);
        await server.DisposeAsync();
        Assert.Equal((0, ownersBefore), (server.Device.Memory.LeasedBytes, NativeBuffer.LiveOwners));
    }

    private static long EndsAsMeant(SoakTally tally, SoakKind kind) => kind switch
    {
        SoakKind.TooLong => tally.CountOf(kind, HttpStatusCode.BadRequest),
        SoakKind.LeftMidway or SoakKind.LeftAtOnce => tally.CountOf(kind, null),
        _ => tally.CountOf(kind, HttpStatusCode.OK),
    };

    /// <summary>
    /// The bounds are what the samples scatter by, far below what one lost request in a hundred would add up to in half an hour.
    /// </summary>
    private static void RequireFlat(MemoryTrack memory)
    {
        Assert.True(memory.Count >= 15, $"only {memory.Count} samples: the machine is too busy to tell");
        var (managed, leased, owners, resident) = memory.Growth();
        Assert.True(managed < 4 * MiB, $"managed memory grew by {managed / MiB:0.0} MiB");
        Assert.True(leased < 1 * MiB && owners < 8, $"native memory grew by {leased / MiB:0.0} MiB in {owners:0} buffers");
        Assert.True(resident < 48 * MiB, $"resident memory grew by {resident / MiB:0.0} MiB");
    }

    private static async Task<Dictionary<(SoakKind, int), string>> AnswerAloneAsync(SoakServer server)
    {
        var answers = new Dictionary<(SoakKind, int), string>();
        var client = new SoakClient(server.Client, answers, new SoakTally(), new Random(1));
        foreach (var kind in (SoakKind[])[SoakKind.Known, SoakKind.Adapted, SoakKind.Constrained, SoakKind.Discarding])
        {
            for (int i = 0; i < SoakText.Known.Length; i++)
                answers[(kind, i)] = await client.AskKnownAsync(kind, i);
        }
        Assert.All(answers.Where(a => a.Key.Item1 == SoakKind.Constrained), a => JsonElement.Parse(a.Value).GetProperty("sky"));
        return answers;
    }

    /// <summary>Clients that left are noticed a moment later; that moment has a bound.</summary>
    private static async Task<Engine.Requests.EngineLoad> WhenIdleAsync(SoakServer server)
    {
        for (int i = 0; i < 500 && server.Load is { Running: > 0 } or { Waiting: > 0 } or { Kv.UsedBlocks: > 0 }; i++)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        return server.Load;
    }
}

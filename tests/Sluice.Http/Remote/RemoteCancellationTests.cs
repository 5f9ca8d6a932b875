using System.Diagnostics;
using Sluice.Http.Fakes;

namespace Sluice.Http.Remote;

/// <summary>
/// A client that goes away while a remote source works for it, through a pool: the connection to the source is closed within 100 ms, whatever the
/// dialect, and wherever the answer was; one that still waits leaves the queue.
/// </summary>
public sealed class RemoteCancellationTests
{
    private const double PromiseMs = 100;
    private const int Attempts = 5;
    private const string Piece = """data: {"choices":[{"index":0,"delta":{"content":"first"},"finish_reason":null}]}""";
    private const string Event = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"first\"}}";

    public enum Stage
    {
        Queued,
        BeforeHeaders,
        BeforeFirstToken,
        MidAnswer,
    }

    public enum Asked
    {
        Chat,
        Completion,
        Messages,
        TranslatedMessages,
        TranslatedChat,
        Embedding,
    }

    public static TheoryData<Asked, bool, Stage> Cells()
    {
        var cells = new TheoryData<Asked, bool, Stage>();
        foreach (Asked call in Enum.GetValues<Asked>())
        {
            bool translated = call is Asked.TranslatedChat or Asked.TranslatedMessages;
            cells.Add(call, false, Stage.Queued);
            cells.Add(call, false, Stage.BeforeHeaders);
            cells.Add(call, false, Stage.MidAnswer);
            if (call == Asked.Embedding)
                continue;
            foreach (Stage stage in Enum.GetValues<Stage>())
                cells.Add(call, true, stage);
            if (translated)
                cells.Add(call, false, Stage.BeforeFirstToken); // asked for as a stream although the client wants one body
        }
        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task ClientLeaves_Anywhere_TheSourceIsLeftWithin100Ms(Asked call, bool stream, Stage stage)
    {
        // Other work on the machine can delay any single attempt; the promise is about the relay, so the best of a few counts.
        double best = double.MaxValue;
        for (int attempt = 0; attempt < Attempts && best > PromiseMs; attempt++)
            best = Math.Min(best, await MeasureAsync(call, stream, stage));

        Assert.True(best <= PromiseMs, $"closed after {best:F1} ms at best");
    }

    /// <returns>Milliseconds until the source was left, or the queue.</returns>
    private static async Task<double> MeasureAsync(Asked call, bool stream, Stage stage)
    {
        var reached = new TaskCompletionSource<Task<long>>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool streams = stream || call is Asked.TranslatedChat or Asked.TranslatedMessages;
        bool anthropic = call is Asked.Messages or Asked.TranslatedChat;
        await using var upstream = new FakeUpstream(async exchange =>
        {
            await HoldAsync(exchange, streams, stage, anthropic ? Event : Piece);
            reached.TrySetResult(exchange.ClosedByCaller);
            await exchange.ClosedByCaller;
        });
        await using PooledUpstream pool = await PooledUpstream.StartAsync(upstream, anthropic ? "anthropic" : "openai", concurrency: 1);
        using RawConnection first = await RawConnection.OpenAsync(pool.Server.Url);
        await first.PostAsync(PathOf(call), BodyOf(call, stream));
        Task<long> closed = await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        if (stage == Stage.Queued)
            return await MeasureQueuedAsync(pool, upstream, call, stream);
        if (stream && stage == Stage.MidAnswer)
            Assert.True(await first.ReadToAsync("first"));
        else
            await Task.Delay(20, TestContext.Current.CancellationToken); // until what was sent has been read

        long left = Stopwatch.GetTimestamp();
        first.Reset();

        long freed = await closed.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await WaitUntilLeftAsync(pool, call);
        Assert.Equal(0, pool.Running);
        Assert.Empty(pool.Server.Log.Lines);
        return Stopwatch.GetElapsedTime(left, freed).TotalMilliseconds;
    }

    /// <summary>A second request waits for the place of the first, and its client leaves: the source never hears of it.</summary>
    private static async Task<double> MeasureQueuedAsync(PooledUpstream pool, FakeUpstream upstream, Asked call, bool stream)
    {
        using RawConnection second = await RawConnection.OpenAsync(pool.Server.Url);
        await second.PostAsync(PathOf(call), BodyOf(call, stream));
        await Eventually.IsTrueAsync(() => pool.Waiting > 0);

        long left = Stopwatch.GetTimestamp();
        second.Reset();

        await Eventually.IsTrueAsync(() => pool.Waiting == 0);
        double taken = Stopwatch.GetElapsedTime(left).TotalMilliseconds;
        await WaitUntilLeftAsync(pool, call);
        Assert.Single(upstream.Seen);
        Assert.Equal(1, pool.Running);
        return taken;
    }

    private static Task WaitUntilLeftAsync(PooledUpstream pool, Asked call) =>
        MetricsReader.WaitForAsync(pool.Server, $$"""sluice_requests_total{endpoint="{{PathOf(call)}}",status="499"} 1""");

    private static async Task HoldAsync(FakeExchange exchange, bool streams, Stage stage, string frame)
    {
        if (stage is Stage.BeforeHeaders or Stage.Queued)
            return;
        if (!streams)
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"half\":");
            return;
        }
        await exchange.BeginStreamAsync();
        if (stage == Stage.MidAnswer)
            await exchange.WriteAsync(frame + "\n\n");
    }

    private static string PathOf(Asked call) => call switch
    {
        Asked.Chat or Asked.TranslatedChat => "/v1/chat/completions",
        Asked.Completion => "/v1/completions",
        Asked.Embedding => "/v1/embeddings",
        _ => "/v1/messages",
    };

    private static string BodyOf(Asked call, bool stream)
    {
        string what = call switch
        {
            Asked.Completion => "\"prompt\":\"hi\"",
            Asked.Embedding => "\"input\":\"hi\"",
            _ => "\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]",
        };
        return $$"""{"model":"fake",{{what}}{{(stream ? ",\"stream\":true" : "")}}}""";
    }
}

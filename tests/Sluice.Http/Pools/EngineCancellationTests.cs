using System.Diagnostics;
using Sluice.Http.Fakes;

namespace Sluice.Http.Pools;

/// <summary>
/// A client that goes away while an engine of this process works for it, through a pool: slot, queue entry, KV blocks and every place it held
/// are free within 100 ms, whatever it asked for and however far the answer was.
/// </summary>
public sealed class EngineCancellationTests
{
    private const double PromiseMs = 100;
    private const int Attempts = 5;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);
    public enum Stage
    {
        Queued,
        BeforeFirstToken,
        MidAnswer,
    }

    public enum Asked
    {
        Chat,
        Completion,
        Messages,
        Embedding,
    }

    public static TheoryData<Asked, bool, Stage> Cells()
    {
        var cells = new TheoryData<Asked, bool, Stage>();
        foreach (Asked call in Enum.GetValues<Asked>())
        {
            foreach (Stage stage in Enum.GetValues<Stage>())
            {
                if (call == Asked.Embedding && stage == Stage.MidAnswer)
                    continue; // it has no tokens
                cells.Add(call, false, stage);
                if (call != Asked.Embedding)
                    cells.Add(call, true, stage);
            }
        }
        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task ClientLeaves_Anywhere_EverythingIsFreeWithin100Ms(Asked call, bool stream, Stage stage)
    {
        await using PooledModel pool = await PooledModel.StartAsync(Step);
        // Other work on the machine can delay any single attempt; the promise is about the engine, so the best of a few counts.
        double best = double.MaxValue;
        for (int attempt = 0; attempt < Attempts && best > PromiseMs; attempt++)
            best = Math.Min(best, await MeasureAsync(pool, call, stream, stage));

        TestContext.Current.TestOutputHelper?.WriteLine($"free after {best:F1} ms");
        Assert.True(best <= PromiseMs, $"free after {best:F1} ms at best");
        Assert.Empty(pool.Server.Log.Lines);
    }

    /// <returns>Milliseconds until all it held was free.</returns>
    private static async Task<double> MeasureAsync(PooledModel pool, Asked call, bool stream, Stage stage)
    {
        using RawConnection? other = stage == Stage.Queued ? await OccupyAsync(pool) : null;
        int before = other is null ? 0 : 1;
        int blocks = pool.Load.Kv.UsedBlocks;
        long generated = pool.Load.GeneratedTokens;
        using RawConnection client = await RawConnection.OpenAsync(pool.Server.Url);
        await client.PostAsync(PathOf(call), BodyOf(call, stream, Guid.NewGuid().ToString()));
        if (stage == Stage.Queued)
            await Eventually.IsTrueAsync(() => pool.Load.Waiting == 1);
        else if (stage == Stage.BeforeFirstToken)
            await Eventually.IsTrueAsync(() => pool.Load.Running == 1);
        else if (stream)
            Assert.True(await client.ReadToAsync("data:"));
        else
            await Eventually.IsTrueAsync(() => pool.Load.GeneratedTokens > generated);

        long left = Stopwatch.GetTimestamp();
        client.Reset();

        await Eventually.IsTrueAsync(() => pool.Load.Waiting == 0 && pool.Load.Running == before && pool.InFlight == before && pool.Booked == before);
        double taken = Stopwatch.GetElapsedTime(left).TotalMilliseconds;
        if (other is null)
            Assert.Equal(blocks, pool.Load.Kv.UsedBlocks);
        other?.Reset();
        await Eventually.IsTrueAsync(() => pool.Load.Running == 0 && pool.Booked == 0);
        return taken;
    }

    /// <summary>Takes the engine's only slot.</summary>
    private static async Task<RawConnection> OccupyAsync(PooledModel pool)
    {
        RawConnection client = await RawConnection.OpenAsync(pool.Server.Url);
        await client.PostAsync(PathOf(Asked.Completion), BodyOf(Asked.Completion, stream: true, "other"));
        await Eventually.IsTrueAsync(() => pool.Load.Running == 1);
        return client;
    }

    private static string PathOf(Asked call) => call switch
    {
        Asked.Chat => "/v1/chat/completions",
        Asked.Completion => "/v1/completions",
        Asked.Messages => "/v1/messages",
        _ => "/v1/embeddings",
    };

    /// <summary>A prompt of many steps, and an answer of as many as there is room for.</summary>
    private static string BodyOf(Asked call, bool stream, string unique)
    {
        string text = unique + string.Concat(Enumerable.Repeat(" and the fox ran on", 60));
        string what = call switch
        {
            Asked.Completion => $"\"prompt\":\"{text}\",\"max_tokens\":400,\"ignore_eos\":true",
            Asked.Embedding => $"\"input\":\"{text}\"",
            _ => $$"""
                "max_tokens":400,"messages":[{"role":"user","content":"{{text}}"}]
                """,
        };
        return $$"""{"model":"chat",{{what}}{{(stream ? ",\"stream\":true" : "")}}}""";
    }
}

using Sluice.Protocol.Sources;
using Sluice.Tests.Gateway.Fakes;

namespace Sluice.Tests.Gateway.Pools;

/// <summary>One of three sources does everything a broken server does, one after the other, while requests keep coming.</summary>
public sealed class ChaosTests
{
    private const int PerSecond = 200;
    private const int Seconds = 60;

    private static readonly TimeSpan Phase = TimeSpan.FromSeconds(3);

    private sealed record Seen(string Text, bool Failed);

    [Fact]
    public async Task Pool_OneOfThreeSourcesFlaps_ClientsSeeAlmostNothing()
    {
        await using PoolRig rig = await PoolRig.StartAsync(
            ["a", "b", "c"], "policy: latency\nretry: { attempts: 3, budget: 10% }\nbreaker: { errors: 30%, window: 10s, open: 2s }",
            perSource: ", timeout: { first_token: 1s, total: 20s }");
        foreach (string name in new[] { "b", "c" })
            rig[name].Before = (_, piece, cancellation) => WorkAsync(rig, piece, cancellation);
        Flap(rig, rig["a"]);

        var answers = new List<Task<Seen>>();
        for (int i = 0; i < PerSecond * Seconds; i++)
        {
            answers.Add(AskAsync(rig, stream: i % 2 == 0));
            await rig.Time.AdvanceAsync(TimeSpan.FromSeconds(1.0 / PerSecond));
        }
        await rig.Time.AdvanceAsync(TimeSpan.FromSeconds(60));

        Assert.All(answers, answer => Assert.True(answer.IsCompleted));
        Seen[] seen = await Task.WhenAll(answers);
        Assert.All(seen.Where(one => !one.Failed), one => Assert.Contains(one.Text, new[] { "a!", "b!", "c!" }));
        int failed = seen.Count(one => one.Failed);
        TestContext.Current.TestOutputHelper?.WriteLine($"{failed} of {seen.Length} failed; the broken source was asked {rig["a"].Requests} times");
        Assert.True(failed < seen.Length / 1000.0, $"{failed} of {seen.Length} requests failed");
        Assert.True(rig["a"].Requests > 100, "the broken source came back in its good phases");
    }

    /// <summary>Well, then each kind of trouble, and again.</summary>
    private static void Flap(PoolRig rig, FakeSource source)
    {
        long start = rig.Time.GetTimestamp();
        source.Before = async (_, piece, cancellation) =>
        {
            switch ((int)(rig.Time.GetElapsedTime(start) / Phase) % 8)
            {
                case 1:
                    throw new SourceException(SourceFailure.Failed, "500");
                case 3 when piece == 0:
                    await Task.Delay(Timeout.InfiniteTimeSpan, rig.Time, cancellation);
                    break;
                case 5:
                    throw new IOException("connection reset");
                case 7 when piece == 1:
                    throw new SourceException(SourceFailure.Failed, "the stream broke off");
                default:
                    await WorkAsync(rig, piece, cancellation);
                    break;
            }
        };
    }

    private static Task WorkAsync(PoolRig rig, int piece, CancellationToken cancellation) =>
        Task.Delay(TimeSpan.FromMilliseconds(piece == 0 ? 40 : 1), rig.Time, cancellation);

    private static async Task<Seen> AskAsync(PoolRig rig, bool stream)
    {
        try
        {
            return new Seen(await rig.AskAsync(stream), false);
        }
        catch (Exception fault) when (fault is SourceException or IOException)
        {
            return new Seen("", true);
        }
    }
}

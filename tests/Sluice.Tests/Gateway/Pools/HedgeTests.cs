using Sluice.Gateway.Configuration;
using Sluice.Tests.Gateway.Fakes;

namespace Sluice.Tests.Gateway.Pools;

/// <summary>Hedges of requests that are alike and whose answers come in one body.</summary>
public sealed class HedgeTests
{
    private const int Alike = 40;
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(1), Never = TimeSpan.FromDays(1);
    private static readonly HedgeConfig Hedge = new(0.99, null) { OfAlike = true, AsksSameAgain = true, Budget = 0.05 };

    [Fact]
    public async Task Complete_SlowerThanItsLike_TheOnlyServerIsAskedAgain()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a"], hedge: Hedge);
        Take(rig, request => request == Alike ? Never : Usual);
        await AskInTurnAsync(rig, Alike);
        Assert.Equal("a!", await rig.RunAsync(rig.AskAsync()));
        Assert.Equal(Alike + 2, rig["a"].Requests);
        await PoolRig.UntilAsync(() => rig["a"].Running + rig.Pool.State.Router.Members[0].Endpoint.InFlight == 0);
    }

    [Fact]
    public async Task Complete_AnotherMemberThere_ItIsTheOneAsked()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], "policy: round-robin", hedge: Hedge);
        Take(rig, request => request == Alike / 2 ? Never : Usual);
        rig["b"].Taking(Usual);
        await AskInTurnAsync(rig, Alike);
        Assert.Equal("b!", await rig.RunAsync(rig.AskAsync()));
        Assert.Equal((Alike / 2) + 1, rig["a"].Requests);
    }

    [Fact]
    public async Task Complete_EverythingBecomesSlow_HedgesStayWithinTheirBudgetAndOneASecond()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a"], hedge: Hedge);
        Take(rig, request => request < Alike ? Usual : TimeSpan.FromMinutes(1));
        await AskInTurnAsync(rig, Alike);
        Task<string[]> all = Task.WhenAll(Enumerable.Range(0, 100).Select(_ => rig.AskAsync()));
        await rig.RunAsync(all);
        Assert.InRange(rig["a"].Requests - Alike - 100, 11, 10 + 61); // ten that a quiet pool has to begin with, and a minute's
    }

    [Fact]
    public async Task Complete_ManyHangAmongQuickOnes_ThoseBeyondTheBudgetDoNotWaitASecondEach()
    {
        const int Hanging = 20;
        await using PoolRig rig = await PoolRig.StartAsync(["a"], hedge: Hedge);
        Take(rig, request => request is >= Alike and < Alike + Hanging ? Never : TimeSpan.FromMilliseconds(10));
        await AskInTurnAsync(rig, Alike);
        long began = rig.Time.GetTimestamp();
        await rig.RunAsync(Task.WhenAll(Enumerable.Range(0, Hanging).Select(_ => rig.AskAsync())));
        Assert.Equal(Alike + (2 * Hanging), rig["a"].Requests);
        Assert.InRange(rig.Time.GetElapsedTime(began).TotalSeconds, 0.5, 3); // ten are paid for, the others come one in a tenth of a second
    }

    [Fact]
    public async Task Complete_SentBeforeItWasKnownHowLongIsLong_IsHedgedOnceItIs()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a"], hedge: Hedge);
        Take(rig, request => request == 0 ? Never : Usual);
        Task<string> first = rig.AskAsync();
        await AskInTurnAsync(rig, Alike);
        Assert.Equal("a!", await rig.RunAsync(first));
    }

    [Fact]
    public async Task Complete_RequestsAreNotKnownToBeAlike_IsNotHedged()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], "policy: round-robin\nhedge: { after: p50 }");
        rig["b"].Taking(Usual);
        Take(rig, request => TimeSpan.FromSeconds(request));
        await AskInTurnAsync(rig, Alike);
        Assert.Equal((Alike / 2, Alike / 2), (rig["a"].Requests, rig["b"].Requests));
    }

    private static void Take(PoolRig rig, Func<int, TimeSpan> time) => rig["a"].Before =
        (request, piece, cancellation) => piece == 0 ? Task.Delay(time(request), rig.Time, cancellation) : Task.CompletedTask;

    private static async Task AskInTurnAsync(PoolRig rig, int count)
    {
        for (int i = 0; i < count; i++)
            await rig.RunAsync(rig.AskAsync());
    }
}

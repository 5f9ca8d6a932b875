using Sluice.Engine.Requests;
using Sluice.Engine.Speculation;
using Sluice.Tests.Engine.Toy;

namespace Sluice.Tests.Engine.Speculation;

/// <summary>How many tokens are proposed: many where they come true, next to none where they do not or where steps are full.</summary>
public sealed class SpeculatorTests
{
    private const int Tokens = 1500;

    /// <summary>What steps take by a clock moved by hand: of the model, each further row of it, and of the draft model.</summary>
    private const double StepMs = 20, RowMs = 3, DraftMs = 2;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Propose_NothingComesTrue_CostsThreePerCentAtMost(int sequences)
    {
        // The draft sees the last six tokens only, and so is right once in 96 times.
        var (load, ms) = await RunAsync(new ToyModel(windows: [6]), sequences);
        double without = Tokens * (StepMs + (sequences - 1) * RowMs);
        Assert.True(ms < 1.03 * without, $"{load.Proposed} proposals, {load.Accepted} accepted: {ms:F0} ms instead of {without:F0}");
        Assert.InRange(load.Proposed, 10, Tokens); // it does try again
    }

    [Fact]
    public async Task Propose_AllComesTrue_TakesAsManyAsAllowed()
    {
        var (load, ms) = await RunAsync(new ToyModel(), sequences: 1);
        Assert.Equal(load.Proposed, load.Accepted);
        // Eight of nine tokens, which take one step with eight further rows and eight steps of the draft.
        Assert.InRange(ms, 0, 1.1 * Tokens / 9 * (StepMs + 8 * (RowMs + DraftMs)));
    }

    [Fact]
    public void Learn_AfterSomeMisses_TheChanceFollows()
    {
        var record = new DraftRecord();
        Assert.Equal(0.6, record.Chance(usual: 0.6), 6);
        record.Learn(proposed: 8, accepted: 0); // only the first says anything
        Assert.Equal(0.3, record.Chance(usual: 0.6), 6);
        for (int i = 0; i < 10; i++)
            record.Learn(proposed: 4, accepted: 4);
        Assert.InRange(record.Chance(usual: 0.6), 0.9, 1);
    }

    [Fact]
    public void MsOf_BetweenAndBeyondWhatWasMet_FollowsTheLineAndTheUsualShare()
    {
        var costs = new StepCosts(rows: 32);
        Assert.Equal(1.3, costs.MsOf(3), 6); // relative, while nothing is known
        costs.Observe(1, 20);
        Assert.Equal(26, costs.MsOf(3), 6);
        costs.Observe(5, 60);
        Assert.Equal(40, costs.MsOf(3), 6);
        Assert.Equal(60 * 1.75 / 1.6, costs.MsOf(6), 6);
    }

    [Fact]
    public void MsOf_AfterABadStep_HardlyRisesAndIsForgottenInTheEnd()
    {
        var costs = new StepCosts(rows: 32);
        costs.Observe(1, 20);
        costs.Observe(1, 200);
        Assert.Equal(38, costs.MsOf(1), 6);
        costs.Observe(1, 20);
        costs.Observe(4, 500);
        Assert.Equal(500, costs.MsOf(4), 6);
        for (int i = 0; i < 300; i++)
            costs.Observe(1, 20);
        Assert.Equal(29, costs.MsOf(4), 6);
    }

    private static async Task<(DraftLoad Load, double Ms)> RunAsync(ToyModel draft, int sequences)
    {
        var clock = new HandClock();
        double ms = 0;
        draft.OnStep = _ => Take(DraftMs);
        var options = ToyEngine.Options(blocks: 1024, context: Tokens + 20, sequences, stepTokens: 64) with { DraftTokens = 8 };
        using var toy = new ToyEngine(options, draft, clock);
        using var submitted = new ManualResetEventSlim(); // or the first would run far ahead of the others
        toy.Model.OnStep = batch =>
        {
            submitted.Wait(TestContext.Current.CancellationToken);
            Take(StepMs + (batch.Rows - 1) * RowMs);
        };
        var generations = Enumerable.Range(0, sequences).Select(i => toy.Submit([i, 1, 2], Tokens)).ToList();
        submitted.Set();
        foreach (var generation in generations)
        {
            var (tokens, end) = await ToyEngine.ReadAsync(generation, TestContext.Current.CancellationToken);
            Assert.Equal((Tokens, FinishReason.Length), (tokens.Length, end.Finish));
        }
        return (toy.Engine.Load.Drafts, ms);

        void Take(double time)
        {
            ms += time;
            clock.Advance(TimeSpan.FromMilliseconds(time));
        }
    }
}

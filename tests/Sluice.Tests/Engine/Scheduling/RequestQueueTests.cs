using Sluice.Engine.Scheduling;

namespace Sluice.Tests.Engine.Scheduling;

public sealed class RequestQueueTests
{
    [Fact]
    public void Turns_HigherPriority_GoesFirstThenTheEarlier()
    {
        var rig = new SchedulerRig(sequences: 1);
        rig.Submit(8, 5, seed: 9); // runs first: nobody else is there
        rig.Step();
        var early = rig.Submit(8, seed: 1);
        var late = rig.Submit(8, seed: 2);
        var urgent = rig.Submit(8, seed: 3, priority: 1);
        rig.Drain();
        Assert.Equal([urgent, early, late], rig.Finished.Skip(1));
    }

    [Fact]
    public void Turns_UrgentRequestsWithoutEnd_OvertakeOnlyWithinTheirHeadStart()
    {
        var rig = new SchedulerRig(sequences: 1);
        var patient = rig.Submit(8, 1, priority: -Turn.MaxPriority);
        int arrived = rig.Steps;
        for (int i = 0; !rig.Finished.Contains(patient); i++)
        {
            rig.Submit(8, 1, seed: i + 1, priority: Turn.MaxPriority);
            rig.Step();
            Assert.True(i < 10_000, "it starves");
        }
        int headStart = 2 * Turn.MaxPriority * Turn.StepsPerPriority;
        Assert.InRange(rig.Steps - arrived, headStart - 5, headStart + 5);
    }

    [Fact]
    public void Turns_PriorityBeyondTheRange_CountsAsTheNearest()
    {
        var rig = new SchedulerRig();
        Assert.Equal(Turn.MaxPriority, rig.Submit(8, priority: int.MaxValue).Priority);
        Assert.Equal(-Turn.MaxPriority, rig.Submit(8, priority: int.MinValue).Priority);
    }

    [Fact]
    public void Shares_OneTenantFloods_TheOtherWaitsNoLongerThanForWhatRuns()
    {
        var rig = new SchedulerRig(sequences: 1);
        for (int i = 0; i < 500; i++)
            rig.Submit(8, 4, seed: i, tenant: "flood");
        for (int i = 0; i < 1000; i++)
            rig.Step();
        var rare = rig.Submit(8, 4, seed: 999, tenant: "rare");
        Assert.InRange(rig.StepsToFirstToken(rare), 1, 5);
    }

    [Fact]
    public void Shares_TwoBackloggedTenants_AreServedEquallyWhateverTheirRequestsAreLike()
    {
        var rig = new SchedulerRig(sequences: 4);
        for (int i = 0; i < 400; i++)
        {
            rig.Submit(16, 2, seed: i, tenant: "many");
            if (i < 40)
                rig.Submit(200, 40, seed: 1000 + i, tenant: "large");
        }
        while (rig.Steps < 400)
            rig.Step();
        long many = rig.Finished.Where(s => s.Request.Tenant == "many").Sum(Cost);
        long large = rig.Finished.Where(s => s.Request.Tenant == "large").Sum(Cost);
        long largest = 200 + FairShares.GeneratedWeight * 40;
        // The bound of the paper: two requests in flight each, at most.
        Assert.InRange(many - large, -rig.Options.MaxSequences * largest, rig.Options.MaxSequences * largest);
        Assert.True(large > 2000 && many > 2000, $"{many} and {large} are too little to tell");

        static long Cost(Sequence s) => s.PromptLength + FairShares.GeneratedWeight * (s.Length - s.PromptLength);
    }

    [Fact]
    public void Shares_TenantThatWasAway_HasNotSavedUpAClaim()
    {
        var rig = new SchedulerRig(sequences: 1);
        rig.Submit(8, 1, seed: 5000, tenant: "away");
        rig.Drain();
        for (int i = 0; i < 300; i++)
            rig.Submit(8, 1, seed: i, tenant: "present");
        for (int i = 0; i < 200; i++)
            rig.Step();
        for (int i = 0; i < 300; i++)
            rig.Submit(8, 1, seed: 1000 + i, tenant: "away");
        int before = rig.Finished.Count;
        for (int i = 0; i < 40; i++)
            rig.Step();
        Assert.InRange(rig.Finished.Skip(before).Count(s => s.Request.Tenant == "away"), 18, 22);
    }

    [Fact]
    public void Shares_TenantThatComesWhileNobodyIsThere_IsNotAheadOfThoseServedBefore()
    {
        var rig = new SchedulerRig(sequences: 1);
        for (int i = 0; i < 200; i++)
            rig.Submit(8, 1, seed: 5000 + i, tenant: "old");
        rig.Drain();
        for (int i = 0; i < 300; i++)
            rig.Submit(8, 1, seed: i, tenant: "new");
        for (int i = 0; i < 300; i++)
            rig.Submit(8, 1, seed: 1000 + i, tenant: "old");
        int before = rig.Finished.Count;
        for (int i = 0; i < 40; i++)
            rig.Step();
        Assert.InRange(rig.Finished.Skip(before).Count(s => s.Request.Tenant == "old"), 18, 22);
    }

    [Fact]
    public void Close_SomeWait_TakesNoMoreAndKeepsThose()
    {
        var rig = new SchedulerRig();
        var waiting = rig.Submit(8);
        rig.Queue.Close();
        Assert.False(rig.Queue.TryAdd(rig.Create([1, 2, 3], 1)));
        Assert.True(rig.Queue.TryPeek(out var first));
        Assert.Same(waiting, first);
        Assert.Equal(1, rig.Waiting);
    }

    [Fact]
    public void Shares_LowerPriorityOfAnotherTenant_WaitsButNotForEver()
    {
        var rig = new SchedulerRig(sequences: 1);
        var background = rig.Submit(8, 1, priority: -1, tenant: "background");
        for (int i = 0; !rig.Finished.Contains(background); i++)
        {
            rig.Submit(8, 1, seed: i + 1, tenant: "web");
            rig.Step();
            Assert.True(i < 1000, "it starves");
        }
        Assert.InRange(rig.Steps, Turn.StepsPerPriority - 2, Turn.StepsPerPriority + 2);
    }

    [Fact]
    public void Shares_ThousandsOfTenants_AreNotRememberedForEver()
    {
        var shares = new FairShares();
        for (int i = 0; i < 5000; i++)
            shares.Leave(shares.Enter($"tenant {i}"));
        Assert.InRange(shares.Remembered, 1, 1024);
    }
}

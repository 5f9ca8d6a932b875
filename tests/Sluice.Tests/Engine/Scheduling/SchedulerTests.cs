using Sluice.Engine;
using Sluice.Engine.Scheduling;

namespace Sluice.Tests.Engine.Scheduling;

public sealed class SchedulerTests
{
    [Fact]
    public void Plan_NobodyGetsAToken_TakesTheLongerChunk()
    {
        var rig = new SchedulerRig();
        rig.Submit(1000);
        rig.Step();
        Assert.Equal(128, rig.Plan.Tokens);
        Assert.False(rig.Plan.Delivers);
    }

    [Fact]
    public void Plan_SomebodyStreams_ShrinksTheChunkBesideIt()
    {
        var rig = new SchedulerRig();
        var streams = rig.Submit(8, 100);
        rig.Step();
        var prompt = rig.Submit(1000, seed: 1);
        rig.Step();
        Assert.Equal(1, rig.PlannedFor(streams));
        Assert.Equal(32, rig.PlannedFor(prompt));
    }

    [Fact]
    public void Plan_StaticBatches_BeginTogetherInTheLargestStepsWhenAllBeforeHaveEnded()
    {
        var rig = new SchedulerRig(sequences: 3, batching: Batching.Static);
        var all = Enumerable.Range(0, 7).Select(i => rig.Submit(300, 5 + i, seed: i)).ToList();
        rig.Step();
        Assert.Equal(rig.Options.MaxStepTokens, rig.Plan.Tokens);
        var seen = new List<string>();
        do
        {
            string running = string.Join(' ', rig.Scheduler.Running.Select(s => all.IndexOf(s)));
            if (seen.Count == 0 || seen[^1] != running)
                seen.Add(running);
        }
        while (rig.Step());
        // Each batch loses who is done, the shortest answer first, before the next one begins.
        Assert.Equal(["0 1 2", "1 2", "2", "", "3 4 5", "4 5", "5", "", "6", ""], seen);
        Assert.Equal(all, rig.Finished);
    }

    [Fact]
    public void Plan_ShortPromptArrivesDuringALongOne_HasItsTokenInTheNextStep()
    {
        var rig = new SchedulerRig();
        rig.Submit(8192);
        for (int i = 0; i < 5; i++)
            rig.Step();
        var late = rig.Submit(64, seed: 1);
        Assert.Equal(1, rig.StepsToFirstToken(late));
        Assert.Equal(64, rig.Plan.Tokens); // nothing of the long one delays it
    }

    [Fact]
    public void Plan_ShortPromptArrivesDuringALongOneAndStreams_HasItsTokenAfterTwoChunks()
    {
        var rig = new SchedulerRig();
        for (int i = 0; i < 8; i++)
            rig.Submit(8, 1000, seed: i);
        rig.Step();
        rig.Submit(8192, seed: 90);
        for (int i = 0; i < 5; i++)
            rig.Step();
        Assert.Equal(2, rig.StepsToFirstToken(rig.Submit(64, seed: 91)));
    }

    [Fact]
    public void Plan_ShortPromptsWithoutEnd_LongOneIsPassedOverABoundedNumberOfTimes()
    {
        var rig = new SchedulerRig(sequences: 8);
        var longOnes = Enumerable.Range(0, 3).Select(i => rig.Submit(600, seed: 1000 + i)).ToList();
        int most = 0;
        for (int i = 0; longOnes.Exists(s => s.Length == s.PromptLength); i++)
        {
            Assert.True(i < 1000, "the long prompts starve");
            rig.Submit(64, seed: i);
            rig.Step();
            most = Math.Max(most, longOnes.Max(s => s.PassedOver));
        }
        Assert.InRange(most, PromptOrder.Patience, PromptOrder.Patience + rig.Options.MaxSequences);
    }

    [Fact]
    public void Plan_EqualPromptsAtOnce_ComputesThePrefixOnce()
    {
        var rig = new SchedulerRig();
        var equal = Enumerable.Range(0, 8).Select(_ => rig.Submit(1003)).ToList();
        rig.Drain();
        Assert.Equal(equal, rig.Finished.OrderBy(s => s.Number));
        Assert.Equal(1003 + 7, rig.Computed); // the last token of each, whose logits are wanted
        Assert.All(equal.Skip(1), s => Assert.Equal(1002, SchedulerRig.CachedTokens(s)));
    }

    [Fact]
    public void Plan_ThoseWhoWaitedForAnEqualPrompt_GoOnWhenItIsAborted()
    {
        var rig = new SchedulerRig();
        var first = rig.Submit(1000);
        var second = rig.Submit(1000);
        rig.Step();
        Assert.Equal(0, rig.PlannedFor(second));
        rig.Scheduler.Remove(first);
        rig.Step();
        Assert.Equal(128, rig.PlannedFor(second));
        Assert.Equal(128, SchedulerRig.CachedTokens(second));
    }

    [Fact]
    public void Plan_FewTokensInCommon_AreNotWaitedFor()
    {
        var rig = new SchedulerRig();
        int[] header = [.. Enumerable.Range(0, SchedulerRig.BlockTokens - 1)];
        rig.Submit([.. header, .. Enumerable.Range(100, 500)], 1);
        var other = rig.Submit([.. header, 300, 301], 1);
        rig.Step();
        Assert.Equal(header.Length + 2, rig.PlannedFor(other));
    }

    [Fact]
    public void Plan_LittleInCommon_DoesNotWait()
    {
        var rig = new SchedulerRig();
        int[] header = [.. Enumerable.Range(0, 16)];
        rig.Submit([.. header, .. Enumerable.Range(100, 500)], 1);
        var other = rig.Submit([.. header, .. Enumerable.Range(300, 48)], 1);
        rig.Step();
        Assert.Equal(64, rig.PlannedFor(other));
    }

    [Fact]
    public void Plan_NoFreeBlocks_PreemptsTheLowestPriorityThenTheYoungest()
    {
        var rig = new SchedulerRig(blocks: 12);
        var older = rig.Submit(24, 60, seed: 1);
        var younger = rig.Submit(24, 60, seed: 2);
        var least = rig.Submit(24, 60, seed: 3, priority: -1);
        var urgent = rig.Submit(16, 60, seed: 4, priority: 1);
        var gone = new List<Sequence>();
        while (gone.Count < 3)
        {
            rig.Step();
            foreach (var sequence in new[] { older, younger, least, urgent })
            {
                if (!sequence.Running && !gone.Contains(sequence))
                    gone.Add(sequence);
            }
        }
        Assert.Equal([least, younger, older], gone);
        Assert.Empty(rig.Finished);
    }

    [Fact]
    public void Plan_PlannedSequenceIsPreempted_LeavesThePlan()
    {
        var rig = new SchedulerRig(blocks: 4);
        var first = rig.Submit(16, 17, seed: 1);
        var second = rig.Submit(8, 17, seed: 2);
        while (second.Running || !second.Started)
            rig.Step();
        Assert.Equal([first], rig.Plan.Entries.Select(e => e.Sequence));
        rig.Drain();
        Assert.Equal([first, second], rig.Finished);
        Assert.Equal(4, rig.FreeBlocks);
    }

    [Fact]
    public void Plan_NewcomerWhosePromptDoesNotFit_WaitsWithoutPreempting()
    {
        var rig = new SchedulerRig(blocks: 10);
        var first = rig.Submit(40, 24, seed: 1);
        rig.Step();
        var second = rig.Submit(48, 1, seed: 2, priority: Turn.MaxPriority);
        while (rig.Finished.Count == 0)
        {
            rig.Step();
            Assert.False(second.Running);
        }
        rig.Drain();
        Assert.Equal([first, second], rig.Finished);
        Assert.Equal(0, rig.Scheduler.Preemptions);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Plan_RandomTraffic_KeepsItsLimitsAndStarvesNobody(int seed)
    {
        var random = new Random(seed);
        var rig = new SchedulerRig(blocks: 40, sequences: 6, stepTokens: 64) { Limits = new(8, 24) };
        var all = new List<Sequence>();
        int aborted = 0;
        for (int i = 0; i < 3000; i++)
        {
            if (random.Next(6) == 0)
                all.Add(rig.Submit(
                    random.Next(1, 120), random.Next(1, 60), random.Next(30), random.Next(-3, 4), $"tenant {random.Next(3)}"));
            if (random.Next(60) == 0 && rig.Scheduler.Running.Count > 0)
            {
                rig.Scheduler.Remove(rig.Scheduler.Running[random.Next(rig.Scheduler.Running.Count)]);
                aborted++;
            }
            rig.Step();
            Assert.InRange(rig.Plan.PromptTokens, 0, 24);
            Assert.InRange(rig.Plan.Tokens, 0, 64);
            Assert.InRange(rig.Scheduler.Running.Count, 0, 6);
            Assert.Equal(rig.Scheduler.Running.OrderBy(s => s.Turn), rig.Scheduler.Running);
            Assert.All(rig.Scheduler.Running, s => Assert.InRange(s.PassedOver, 0, PromptOrder.Patience + 6));
        }
        rig.Drain();
        Assert.Equal(all.Count - aborted, rig.Finished.Distinct().Count());
        Assert.Equal(rig.Finished.Count, rig.Finished.Distinct().Count());
        Assert.Equal(40, rig.FreeBlocks);
        Assert.Equal(0, rig.Waiting);
        Assert.True(rig.Scheduler.Preemptions > 0, "memory was meant to be tight");
    }
}

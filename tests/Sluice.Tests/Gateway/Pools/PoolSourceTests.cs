using Sluice.Gateway.Pools;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using Sluice.Tests.Gateway.Fakes;

namespace Sluice.Tests.Gateway.Pools;

public sealed class PoolSourceTests
{
    private static Exception Fault() => new SourceException(SourceFailure.Failed, "500");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_FirstMemberFailsBeforeItsFirstEvent_AnotherAnswersWhole(bool stream)
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], "policy: round-robin");
        rig["a"].Failing(Fault);
        for (int i = 0; i < 4; i++)
            Assert.Equal("b!", await rig.RunAsync(rig.AskAsync(stream)));
    }

    [Fact]
    public async Task Complete_StreamFailsAfterItsFirstEvent_IsNotTriedAgain()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], "policy: round-robin");
        foreach (string name in new[] { "a", "b" })
            rig[name].Before = (_, piece, _) => piece == 1 ? throw Fault() : Task.CompletedTask;
        await Assert.ThrowsAsync<SourceException>(() => rig.RunAsync(rig.AskAsync(stream: true)));
        Assert.Equal(1, rig["a"].Requests + rig["b"].Requests);
    }

    [Fact]
    public async Task Complete_AnswerInOneBodyFailsHalfway_IsTriedAgainWithoutRepeatedText()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], "policy: round-robin");
        rig["a"].StopsHalfway = true;
        Assert.Equal("b!", await rig.RunAsync(rig.AskAsync()));
        Assert.Equal(1, rig["a"].Requests);
    }

    [Fact]
    public async Task Complete_MistakeOfTheClient_IsToldAndNotTriedElsewhere()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"]);
        rig["a"].Failing(() => new InvalidRequestException("no"));
        rig["b"].Failing(() => new InvalidRequestException("no"));
        for (int i = 0; i < 20; i++)
            await Assert.ThrowsAsync<InvalidRequestException>(() => rig.RunAsync(rig.AskAsync()));
        Assert.Equal(20, rig["a"].Requests + rig["b"].Requests);
        Assert.All(rig.Pool.State.Router.Members, member => Assert.Equal(BreakerState.Closed, member.Breaker.State));
    }

    [Fact]
    public async Task Complete_ManyConsecutiveFailures_LeaveRotationAtOnceAndComeBackAfterAProbe()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], "policy: round-robin\nbreaker: { open: 10s }");
        rig["a"].Failing(Fault);
        for (int i = 0; i < 50; i++)
            await rig.RunAsync(rig.AskAsync());
        Assert.Equal(Breaker.FailuresInARow, rig["a"].Requests);

        await rig.Time.AdvanceAsync(TimeSpan.FromSeconds(10));
        for (int i = 0; i < 10; i++)
            await rig.RunAsync(rig.AskAsync());
        Assert.Equal(Breaker.FailuresInARow + 1, rig["a"].Requests); // one probe, which failed

        rig["a"].Before = (_, _, _) => Task.CompletedTask;
        await rig.Time.AdvanceAsync(TimeSpan.FromSeconds(20));
        Assert.Equal("a!", await rig.RunAsync(rig.AskAsync())); // the probe
        await rig.Time.AdvanceAsync(TimeSpan.FromSeconds(10)); // slow start is over
        string[] answers = new string[10];
        for (int i = 0; i < 10; i++)
            answers[i] = await rig.RunAsync(rig.AskAsync());
        Assert.Equal(5, answers.Count(answer => answer == "a!"));
    }

    [Fact]
    public async Task Complete_AllMembersOutOfRotation_SaysWhenToComeBack()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a"], "breaker: { open: 10s }\nretry: { attempts: 1 }");
        rig["a"].Failing(Fault);
        for (int i = 0; i < Breaker.FailuresInARow; i++)
            await Assert.ThrowsAsync<SourceException>(() => rig.RunAsync(rig.AskAsync()));
        var refused = await Assert.ThrowsAsync<SourceException>(() => rig.RunAsync(rig.AskAsync()));
        Assert.Equal(SourceFailure.Unavailable, refused.Reason);
        Assert.InRange(refused.RetryAfter!.Value, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Complete_PoolFails_FallbackAnswers()
    {
        const string backup = "  - name: other\n    members: [{ source: backup }]\n";
        await using PoolRig rig = await PoolRig.StartAsync(["a", "backup"], "fallback: [other]", backup);
        rig["a"].Failing(Fault);
        for (int i = 0; i < 12; i++)
            Assert.Equal("backup!", await rig.RunAsync(rig.AskAsync()));
    }

    [Fact]
    public async Task Complete_EverythingFails_TriesNoMoreThanTheBudget()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], "retry: { attempts: 2, budget: 10% }\nbreaker: { open: 1s }");
        rig["a"].Failing(Fault);
        rig["b"].Failing(Fault);
        const int requests = 200;
        for (int i = 0; i < requests; i++)
        {
            await Assert.ThrowsAsync<SourceException>(() => rig.RunAsync(rig.AskAsync()));
            await rig.Time.AdvanceAsync(TimeSpan.FromSeconds(20)); // breakers let probes through
        }
        Assert.InRange(rig["a"].Requests + rig["b"].Requests, requests / 2, requests + 10 + (requests / 10) + 1);
    }

    [Fact]
    public async Task Complete_SilentMember_IsHedgedAndStopped()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], "policy: round-robin\nhedge: { after: 200ms }");
        rig["a"].Taking(TimeSpan.FromHours(1));
        Assert.Equal("b!", await rig.RunAsync(rig.AskAsync(stream: true)));
        await PoolRig.UntilAsync(() => rig["a"].Running == 0 && rig.Pool.State.Router.Members.All(member => member.Endpoint.InFlight == 0));
    }

    [Fact]
    public async Task Complete_HangingMember_IsGivenUpAfterItsTimeAndCountsAsFailed()
    {
        await using PoolRig rig = await PoolRig.StartAsync(
            ["a", "b"], "policy: round-robin", perSource: ", timeout: { first_token: 2s, total: 2s }");
        rig["a"].Taking(TimeSpan.FromHours(1));
        Assert.Equal("b!", await rig.RunAsync(rig.AskAsync(stream: true)));
        Assert.Equal(0, rig["a"].Running);
    }

    [Fact]
    public async Task Complete_ClientLeaves_StopsTheSourceAndGivesEverythingBack()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a"], perSource: ", limits: { concurrency: 1 }");
        rig["a"].Taking(TimeSpan.FromHours(1));
        using var client = new CancellationTokenSource();
        Task<string> answer = rig.AskUntilAsync(stream: true, client.Token);
        await PoolRig.UntilAsync(() => rig["a"].Running == 1);
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.RunAsync(answer));
        Endpoint endpoint = rig.Pool.State.Router.Members[0].Endpoint;
        Assert.Equal((0, 0, 0L, 0), (rig["a"].Running, endpoint.InFlight, endpoint.PendingTokens, endpoint.State.Limits.Taken));
    }

    [Fact]
    public async Task Complete_SourceAtItsLimit_IsPassedOverAndTheLastRefusalIsTrue()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], perSource: ", limits: { requests_per_minute: 2 }");
        for (int i = 0; i < 4; i++)
            await rig.RunAsync(rig.AskAsync());
        Assert.Equal((2, 2), (rig["a"].Requests, rig["b"].Requests));
        var refused = await Assert.ThrowsAsync<SourceException>(() => rig.RunAsync(rig.AskAsync()));
        Assert.Equal(SourceFailure.Busy, refused.Reason);
        await rig.Time.AdvanceAsync(refused.RetryAfter!.Value + TimeSpan.FromMilliseconds(1));
        await rig.RunAsync(rig.AskAsync());
    }

    [Fact]
    public async Task Complete_SourceSaysItIsBusy_RestsWithoutCountingAsBroken()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], "policy: round-robin");
        rig["a"].Failing(() => new SourceException(SourceFailure.Busy, "429", TimeSpan.FromSeconds(30)));
        for (int i = 0; i < 20; i++)
            Assert.Equal("b!", await rig.RunAsync(rig.AskAsync()));
        Assert.Equal(1, rig["a"].Requests);
        Assert.Equal(BreakerState.Closed, rig.Pool.State.Router.Members[0].Breaker.State);
    }

    [Fact]
    public async Task Complete_ProbesFail_LeavesTheSourceAloneUntilTheyAreGoodAgain()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], "policy: round-robin", perSource: ", health: { every: 1s, fall: 2, rise: 2 }");
        rig["a"].IsWell = false;
        await rig.Time.AdvanceAsync(TimeSpan.FromSeconds(3));
        for (int i = 0; i < 6; i++)
            Assert.Equal("b!", await rig.RunAsync(rig.AskAsync()));
        rig["a"].IsWell = true;
        await rig.Time.AdvanceAsync(TimeSpan.FromSeconds(30));
        await rig.RunAsync(rig.AskAsync());
        await rig.RunAsync(rig.AskAsync());
        Assert.Equal(1, rig["a"].Requests);
    }

    [Fact]
    public async Task Embed_FirstMemberFails_AnotherAnswers()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], "policy: round-robin");
        rig["a"].Failing(Fault);
        var request = new EmbeddingRequest("""{"model":"chat","input":"x"}"""u8.ToArray());
        EmbeddingResult result = await rig.RunAsync(rig.Pool.EmbedAsync(request, new RequestContext("r"), TestContext.Current.CancellationToken));
        Assert.Equal(3, result.Usage.PromptTokens);
        Assert.Equal((1, 1), (rig["a"].Requests, rig["b"].Requests));
    }
}

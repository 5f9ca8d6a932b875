using System.Text;
using Sluice.Gateway.Routing;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using Sluice.Tests.Gateway.Fakes;

namespace Sluice.Tests.Gateway.Pools;

/// <summary>What a pool makes of members that cannot, fallbacks that are limited, time that is over and figures that are missing.</summary>
public sealed class PoolFaultTests
{
    private const string Backup = "  - name: other\n    members: [{ source: backup }]\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Exception Fault() => new SourceException(SourceFailure.Failed, "500");

    [Fact]
    public async Task Complete_OneMemberCannotAnswerSuchARequest_AnotherDoes()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], "policy: round-robin\nretry: { attempts: 1, budget: 0% }");
        rig["a"].Preparing = () => throw new InvalidRequestException("too long for a");
        for (int i = 0; i < 6; i++)
            Assert.Equal("b!", await rig.RunAsync(rig.AskAsync()));
        Assert.Equal(0, rig["a"].Requests);
        rig["b"].Preparing = () => throw new InvalidRequestException("too long for b");
        await Assert.ThrowsAsync<InvalidRequestException>(() => rig.RunAsync(rig.AskAsync()));
    }

    [Fact]
    public async Task Complete_TotalTimeIsOver_IsLateAndNotTriedAgain()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], perSource: ", timeout: { first_token: 1s, total: 3s }");
        foreach (string name in new[] { "a", "b" })
            rig[name].Before = (_, piece, cancellation) =>
                piece == 1 ? Task.Delay(TimeSpan.FromHours(1), rig.Time, cancellation) : Task.CompletedTask;
        var late = await Assert.ThrowsAsync<SourceException>(() => rig.RunAsync(rig.AskAsync()));
        Assert.Equal(SourceFailure.Late, late.Reason);
        Assert.Equal(1, rig["a"].Requests + rig["b"].Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Complete_NoFirstEventInTime_IsUnavailableAndTriedElsewhere(bool stream)
    {
        await using PoolRig rig = await PoolRig.StartAsync(
            ["a", "b"], "policy: round-robin", perSource: ", timeout: { first_token: 1s, total: 1h }");
        rig["a"].Taking(TimeSpan.FromHours(2));
        Assert.Equal("b!", await rig.RunAsync(rig.AskAsync(stream)));
        rig["b"].Taking(TimeSpan.FromHours(2));
        var silent = await Assert.ThrowsAsync<SourceException>(() => rig.RunAsync(rig.AskAsync(stream)));
        Assert.Equal(SourceFailure.Unavailable, silent.Reason);
    }

    [Fact]
    public async Task Complete_PoolAtItsOwnLimit_FallbackAnswersWithinItsOwn()
    {
        const string limited = Backup + "    limits: { requests_per_minute: 1 }\n";
        await using PoolRig rig = await PoolRig.StartAsync(["a", "backup"], "fallback: [other]\nlimits: { requests_per_minute: 1 }", limited);
        Assert.Equal("a!", await rig.RunAsync(rig.AskAsync()));
        Assert.Equal("backup!", await rig.RunAsync(rig.AskAsync()));
        var refused = await Assert.ThrowsAsync<SourceException>(() => rig.RunAsync(rig.AskAsync()));
        Assert.Equal(SourceFailure.Busy, refused.Reason);
        Assert.Contains("'chat'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Complete_FallbackRefusesTheRequest_TheFirstReasonIsTold()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "backup"], "fallback: [other]", Backup);
        rig["a"].Failing(Fault);
        rig["backup"].Failing(() => new InvalidRequestException("no"));
        Assert.Equal(SourceFailure.Failed, (await Assert.ThrowsAsync<SourceException>(() => rig.RunAsync(rig.AskAsync()))).Reason);
    }

    [Fact]
    public async Task Complete_NobodyElseCanBeAsked_SpendsNothingOfTheBudget()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a"], "retry: { attempts: 2, budget: 1% }");
        rig["a"].Failing(() => new SourceException(SourceFailure.Refused, "401"));
        for (int i = 0; i < 30; i++)
        {
            await Assert.ThrowsAsync<SourceException>(() => rig.RunAsync(rig.AskAsync()));
            await rig.Time.AdvanceAsync(TimeSpan.FromMinutes(5)); // its breaker lets a probe through
        }
        for (int i = 0; i < 10; i++)
            Assert.True(rig.Pool.State.Budget.TrySpend());
    }

    [Fact]
    public async Task Complete_AnswerInOneBody_SaysNothingOfItsFirstToken()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a"], "hedge: { after: p50 }");
        rig["a"].Taking(TimeSpan.FromSeconds(10));
        for (int i = 0; i < 30; i++)
            await rig.RunAsync(rig.AskAsync());
        Candidate seen = rig.Pool.State.Router.Members[0].Describe(outlook: null);
        Assert.Equal(0, seen.FirstTokenSeconds);
        Assert.InRange(seen.TokenSeconds, 0.1, 10.1); // the whole answer, over its tokens
        Assert.Null(rig.Pool.State.HedgeDelay(streams: true));

        await rig.RunAsync(rig.AskAsync(stream: true));
        Assert.InRange(rig.Pool.State.Router.Members[0].Describe(outlook: null).FirstTokenSeconds, 5, 10.5);
    }

    [Fact]
    public async Task Complete_SourceTellsNoUsage_TheEstimateIsCharged()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a"], "limits: { tokens_per_minute: 500 }");
        rig["a"].Tells = null;
        await rig.RunAsync(rig.AskAsync()); // 256 and the prompt
        Assert.Equal(SourceFailure.Busy, (await Assert.ThrowsAsync<SourceException>(() => rig.RunAsync(rig.AskAsync()))).Reason);
    }

    [Fact]
    public async Task Prepare_ToCountTokens_AsksAnotherMemberWhereOneFails()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], "policy: round-robin");
        rig["a"].Preparing = () => throw Fault();
        var request = new Request(
            Encoding.UTF8.GetBytes("""{"model":"chat","messages":[{"role":"user","content":"hi"}]}"""), AnthropicMessagesDialect.ForCounting);
        for (int i = 0; i < 4; i++)
        {
            using Prepared counted = await rig.RunAsync(rig.Pool.PrepareAsync(request, new RequestContext("r"), Cancellation).AsTask());
            Assert.Equal(10, counted.PromptTokens);
        }
        Assert.All(rig.Pool.State.Router.Members, member => Assert.Equal((0, 0), (member.Endpoint.InFlight, member.Endpoint.State.Limits.Taken)));
    }

    [Fact]
    public async Task Embed_SomeMembersMakeNone_AreNotAsked()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], "policy: round-robin");
        rig["a"].Embeds = false;
        var request = new EmbeddingRequest("""{"model":"chat","input":"x"}"""u8.ToArray());
        for (int i = 0; i < 4; i++)
            await rig.RunAsync(rig.Pool.EmbedAsync(request, new RequestContext("r"), Cancellation));
        Assert.Equal((0, 4), (rig["a"].Requests, rig["b"].Requests));
        rig["b"].Embeds = false;
        await Assert.ThrowsAsync<InvalidRequestException>(() => rig.Pool.EmbedAsync(request, new RequestContext("r"), Cancellation));
    }

    [Fact]
    public async Task Score_FirstMemberFails_AnotherScores()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], "policy: round-robin");
        rig["a"].Failing(Fault);
        var request = new ScoringRequest { Model = "chat", Prompt = new PromptInput("x", null), Labels = ["yes", "no"] };
        ScoringResult result = await rig.RunAsync(rig.Pool.ScoreAsync(request, new RequestContext("r"), Cancellation));
        Assert.Equal(["yes", "no"], result.Labels.Select(label => label.Label));
        Assert.Equal((1, 1), (rig["a"].Requests, rig["b"].Requests));
    }
}

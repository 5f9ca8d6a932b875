using System.Text;
using Sluice.Protocol.Requests;
using Sluice.Tests.Gateway.Fakes;

namespace Sluice.Tests.Gateway.Pools;

/// <summary>A source is told until when its answer is of use.</summary>
public sealed class PoolDeadlineTests
{
    [Theory]
    [InlineData(null, 10)]
    [InlineData(4, 4)]
    [InlineData(40, 10)]
    public async Task Request_SourceWithATotalTime_IsGivenTheEarlierEnd(int? own, int expected)
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a"], perSource: ", timeout: { total: 10s }");
        DateTimeOffset now = rig.Time.GetUtcNow();
        var context = new RequestContext("r", Deadline: own is { } seconds ? now.AddSeconds(seconds) : null);
        var inputs = new EmbeddingRequest(Encoding.UTF8.GetBytes("""{"model":"chat","input":"x"}"""));
        await rig.Pool.EmbedAsync(inputs, context, TestContext.Current.CancellationToken);
        Assert.Equal(now.AddSeconds(expected), rig["a"].Terms!.Deadline);
    }

    [Fact]
    public async Task Answers_ThatComeTogether_HaveOneEndSoThatAnEngineCanShareThem()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a"], perSource: ", timeout: { total: 10s }");
        DateTimeOffset now = rig.Time.GetUtcNow();
        rig.Time.Advance(TimeSpan.FromSeconds(0.5));
        await rig.AskAsync();
        DateTimeOffset first = rig["a"].Terms!.Deadline!.Value;
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.AskAsync();
        Assert.Equal(first, rig["a"].Terms!.Deadline);
        Assert.InRange(first, now.AddSeconds(11.5), now.AddSeconds(13));
    }
}

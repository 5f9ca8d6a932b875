using Sluice.Engine.Scheduling;

namespace Sluice.Tests.Engine.Scheduling;

public sealed class PromptChunkTests
{
    [Theory]
    [InlineData(0, 0.2, 500)]
    [InlineData(40, 1, 60)]
    [InlineData(60, 4, 32)] // 10 tokens would fit, but that is too few to come forward
    [InlineData(0, 0.001, 512)]
    public void Observe_SteadyMachine_FindsWhatFits(double fixedMs, double msPerToken, int expected)
    {
        var chunk = new PromptChunk(100, 32, 512);
        for (int i = 0; i < 30; i++)
            chunk.Observe(chunk.Tokens, fixedMs + chunk.Tokens * msPerToken);
        Assert.InRange(chunk.Tokens, expected - 2, expected + 2);
    }

    [Fact]
    public void Observe_StepsThatWereNotFull_DoNotRaiseIt()
    {
        var chunk = new PromptChunk(100, 32, 512);
        for (int i = 0; i < 30; i++)
            chunk.Observe(5, 1);
        Assert.Equal(32, chunk.Tokens);
    }

    [Fact]
    public void Observe_MachineSlowsDown_FollowsAtOnce()
    {
        var chunk = new PromptChunk(100, 32, 512);
        for (int i = 0; i < 30; i++)
            chunk.Observe(chunk.Tokens, chunk.Tokens * 0.2);
        chunk.Observe(chunk.Tokens, chunk.Tokens * 2);
        Assert.InRange(chunk.Tokens, 48, 52);
    }

    [Fact]
    public void Tokens_StepsSmallerThanTheLeast_StayWithinTheStep() => Assert.Equal(16, new PromptChunk(100, 32, 16).Tokens);
}

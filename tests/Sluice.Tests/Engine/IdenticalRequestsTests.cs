using Sluice.Engine.Requests;
using Sluice.Engine.Sampling;
using Sluice.Tests.Engine.Toy;

namespace Sluice.Tests.Engine;

public sealed class IdenticalRequestsTests : IDisposable
{
    private static readonly int[] Text = [.. Enumerable.Range(0, 40)];

    private readonly ToyEngine _toy = new(ToyEngine.Options(blocks: 200, context: 200, sequences: 8) with { PrefixCache = false });
    private readonly SemaphoreSlim _steps = new(0);

    public IdenticalRequestsTests() => _toy.Model.OnStep = _ => _steps.Wait(Cancellation);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _steps.Release(10_000);
        _toy.Dispose();
        _steps.Dispose();
    }

    [Fact]
    public async Task Submit_TheSameWhileItWaitsOrRuns_IsComputedOnce()
    {
        var generations = new List<Generation> { _toy.Submit(Text, 30) };
        generations.Add(_toy.Submit(Text, 30));
        _steps.Release(15);
        await FirstTokensAsync(generations[0], 5);
        generations.Add(_toy.Submit(Text, 30)); // comes late, and has all from the beginning
        _steps.Release(10_000);
        foreach (var generation in generations)
        {
            var (tokens, end) = await ToyEngine.ReadAsync(generation, Cancellation);
            Assert.Equal(FinishReason.Length, end.Finish);
            Assert.Equal(ToyModel.Generate(Text, 30).TakeLast(tokens.Length), tokens);
            Assert.True(tokens.Length == 30 || generation == generations[0]);
        }
        await _toy.IdleAsync(Cancellation);
        Assert.Equal(40, _toy.Engine.Load.PromptTokens);
        Assert.Equal(30, _toy.Engine.Load.GeneratedTokens);
    }

    [Fact]
    public async Task Abort_OfOneReader_LeavesTheOthers()
    {
        var generations = Enumerable.Range(0, 3).Select(_ => _toy.Submit(Text, 30)).ToList();
        generations[0].Abort();
        // At once: no step was computed yet.
        Assert.Equal(FinishReason.Aborted, (await ToyEngine.ReadAsync(generations[0], Cancellation)).End.Finish);
        _steps.Release(10);
        await FirstTokensAsync(generations[1], 3);
        generations[1].Abort();
        Assert.Equal(FinishReason.Aborted, (await ToyEngine.ReadAsync(generations[1], Cancellation)).End.Finish);
        _steps.Release(10_000);
        var (tokens, end) = await ToyEngine.ReadAsync(generations[2], Cancellation);
        Assert.Equal(ToyModel.Generate(Text, 30), tokens);
        Assert.Equal(FinishReason.Length, end.Finish);
    }

    [Fact]
    public async Task Abort_OfAllReaders_EndsTheComputation()
    {
        var generations = Enumerable.Range(0, 3).Select(_ => _toy.Submit(Text, 30)).ToList();
        _steps.Release(5);
        await FirstTokensAsync(generations[0], 2);
        foreach (var generation in generations)
            generation.Abort();
        var next = _toy.Submit(Text, 30); // must not join what nobody wants any more
        _steps.Release(10_000);
        foreach (var generation in generations)
            Assert.Equal(FinishReason.Aborted, (await ToyEngine.ReadAsync(generation, Cancellation)).End.Finish);
        Assert.Equal(ToyModel.Generate(Text, 30), (await ToyEngine.ReadAsync(next, Cancellation)).Tokens);
        await _toy.IdleAsync(Cancellation);
        Assert.Equal(_toy.Engine.Load.Blocks, _toy.Engine.Load.FreeBlocks);
        Assert.Equal(80, _toy.Engine.Load.PromptTokens);
    }

    public static TheoryData<string, Func<GenerationRequest, GenerationRequest>, bool> Variants => new()
    {
        { "equal", r => r with { Sampling = new SamplingOptions { Temperature = 0 } }, true },
        { "greedy of another seed", r => r with { Sampling = new SamplingOptions { Temperature = 0, Seed = 7 } }, true },
        { "equal stop tokens", r => r with { StopTokens = new HashSet<int>() }, true },
        { "other limit", r => r with { MaxTokens = 21 }, false },
        { "other tenant", r => r with { Tenant = "b" }, false },
        { "other priority", r => r with { Priority = 1 }, false },
        { "other stop tokens", r => r with { StopTokens = new HashSet<int> { 3 } }, false },
        { "drawn", r => r with { Sampling = new SamplingOptions() }, false },
        { "penalised", r => r with { Sampling = new SamplingOptions { Temperature = 0, FrequencyPenalty = 1 } }, false },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Submit_AlmostTheSame_IsSharedOnlyWhereTheAnswerMustBeEqual(
        string name, Func<GenerationRequest, GenerationRequest> change, bool shared)
    {
        var request = _toy.Request(Text, 20);
        Assert.Equal(SubmitOutcome.Accepted, _toy.Engine.TrySubmit(request, out var first));
        Assert.Equal(SubmitOutcome.Accepted, _toy.Engine.TrySubmit(change(request), out var second));
        _steps.Release(10_000);
        await ToyEngine.ReadAsync(first!, Cancellation);
        await ToyEngine.ReadAsync(second!, Cancellation);
        await _toy.IdleAsync(Cancellation);
        Assert.True(shared == (_toy.Engine.Load.PromptTokens == 40), name);
    }

    [Theory]
    [InlineData(5UL, 5UL, true)]
    [InlineData(5UL, 6UL, false)]
    [InlineData(null, null, false)] // each takes a seed of its own
    public async Task Submit_DrawnBySeed_IsSharedForTheSameSeed(ulong? x, ulong? y, bool shared)
    {
        foreach (ulong? seed in new[] { x, y })
            Assert.Equal(
                SubmitOutcome.Accepted, _toy.Engine.TrySubmit(_toy.Request(Text, 20) with { Sampling = new() { Seed = seed } }, out _));
        _steps.Release(10_000);
        await _toy.IdleAsync(Cancellation);
        Assert.Equal(shared ? 40 : 80, _toy.Engine.Load.PromptTokens);
    }

    [Fact]
    public async Task Submit_OtherSaltOrLastToken_IsNotShared()
    {
        var request = _toy.Request(Text, 20);
        _toy.Engine.TrySubmit(request, out _);
        _toy.Engine.TrySubmit(request with { Prompt = _toy.Engine.Prepare([new PromptSegment.Tokens(Text)], "salt") }, out _);
        _toy.Engine.TrySubmit(_toy.Request([.. Text[..^1], 77], 20), out _);
        _steps.Release(10_000);
        await _toy.IdleAsync(Cancellation);
        Assert.Equal(120, _toy.Engine.Load.PromptTokens);
    }

    private static async Task FirstTokensAsync(Generation generation, int count)
    {
        await foreach (var e in generation.ReadAllAsync(Cancellation))
        {
            Assert.Null(e.Finish);
            if (--count == 0)
                return;
        }
    }
}

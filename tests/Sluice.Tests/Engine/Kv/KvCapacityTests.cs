using Sluice.Core.Errors;
using Sluice.Engine;
using Sluice.Engine.Requests;
using Sluice.Tests.Engine.Toy;

namespace Sluice.Tests.Engine.Kv;

public sealed class KvCapacityTests
{
    [Fact]
    public void Engine_MoreBytesThanAllSequencesNeed_TakesWhatTheyNeed()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 1000, context: 60, sequences: 3));
        Assert.Equal(3 * 8, toy.Engine.Load.Blocks); // 60 tokens are 8 blocks of 8
        Assert.Equal(3 * 64, toy.Engine.KvTokens);
        Assert.Equal(ToyEngine.BytesOf(24), toy.Engine.Options.KvBytes);
    }

    [Fact]
    public void Engine_NoBytesGiven_PlansWithHalfOfWhatIsFree()
    {
        var options = ToyEngine.Options(blocks: 0, context: 1 << 20, sequences: 1000);
        var device = new ToyDevice();
        using var lease = device.Memory.Lease(device.Memory.CapacityBytes - (64 << 20), "something else");
        using var engine = new LlmEngine("toy", new ToyModel(), new ToyBackend(), device, options);
        Assert.Equal(32 << 20, engine.Options.KvBytes);
        Assert.Equal(1 << 20, engine.Options.ContextTokens);
    }

    [Fact]
    public void Engine_ContextThatKvCannotHold_IsRefusedWithTheFigures()
    {
        var options = ToyEngine.Options(blocks: 9, context: 80);
        var refusal = Assert.Throws<MemoryExceededException>(() => new ToyEngine(options));
        Assert.Contains("a context of 80 tokens", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("at most 72 tokens", refusal.Message, StringComparison.Ordinal);
        using var largest = new ToyEngine(options with { ContextTokens = 72 });
        Assert.Equal(72, largest.Engine.Options.ContextTokens);
    }

    [Fact]
    public async Task Engine_BeyondTraining_GoesPastTheModelsContextOnlyWhenAllowed()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var options = ToyEngine.Options(blocks: 64, context: 200);
        using var within = new ToyEngine(options, trainedFor: 100);
        Assert.Equal(100, within.Engine.Options.ContextTokens);
        using var beyond = new ToyEngine(options with { BeyondTraining = true }, trainedFor: 100);
        int[] prompt = [.. Enumerable.Range(0, 90)];
        Assert.Equal(ToyModel.Generate(prompt, 110), (await ToyEngine.ReadAsync(beyond.Submit(prompt, 1000), cancellation)).Tokens);
        var (tokens, end) = await ToyEngine.ReadAsync(within.Submit(prompt, 1000), cancellation);
        Assert.Equal((10, FinishReason.Length), (tokens.Length, end.Finish));
    }
}

using Sluice.Core;
using Sluice.Core.Errors;
using Sluice.Cpu;
using Sluice.Engine;
using Sluice.Engine.Requests;
using Sluice.Local;
using Sluice.Models;
using Sluice.Models.Tokenizers;

namespace Sluice.Tests.Local;

public sealed class LocalModelTests
{
    private static readonly LocalModelOptions Options = new()
    {
        Engine = new EngineOptions { ContextTokens = 256, MaxSequences = 4, KvType = DType.F32 },
    };

    [Fact]
    public async Task Generate_PromptAsEmbeddings_EqualsThePromptAsTokens()
    {
        using var local = LocalModel.Open(ModelLocator.Demo, Options);
        int[] ids = Encode(local, "<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n");
        int[] fromTokens = await Generate(local, [new PromptSegment.Tokens(ids)]);
        float[] rows = EmbeddingRows(local, ids.AsSpan(3, 5));
        int[] mixed = await Generate(local,
            [new PromptSegment.Tokens(ids.AsMemory(0, 3)), new PromptSegment.Embeddings(rows), new PromptSegment.Tokens(ids.AsMemory(8))]);
        Assert.Equal(fromTokens, mixed);
    }

    [Fact]
    public async Task Generate_OtherEmbeddingsAtTheSamePlaces_ShareOnlyWhatIsBeforeThem()
    {
        using var local = LocalModel.Open(ModelLocator.Demo, Options);
        int[] ids = Encode(local, "<|im_start|>user\nTell me a story about a fox and a rabbit in the deep forest by the river, and about the owl that saw them both come home.<|im_end|>\n");
        Assert.True(ids.Length > 2 * 16);
        float[] rows = EmbeddingRows(local, ids.AsSpan(2, 4)), others = EmbeddingRows(local, ids.AsSpan(6, 4));
        PromptSegment[] With(float[] embeddings) =>
            [new PromptSegment.Tokens(ids.AsMemory(0, 2)), new PromptSegment.Embeddings(embeddings), new PromptSegment.Tokens(ids.AsMemory(6))];
        await Generate(local, With(rows));
        Assert.Equal(ids.Length - 1, local.Engine.CachedTokens(local.Engine.Prepare(With(rows))));
        Assert.Equal(2, local.Engine.CachedTokens(local.Engine.Prepare(With(others)))); // the tokens before them
    }

    [Fact]
    public void Dispose_AfterUse_GivesEverythingBack()
    {
        using var device = new CpuDevice();
        using (LocalModel.Open(ModelLocator.Demo, Options, device))
            Assert.True(device.Memory.LeasedBytes > 0);
        Assert.Equal(0, device.Memory.LeasedBytes);
    }

    [Fact]
    public void Open_WithoutMemoryForTheWeights_SaysSoAndLeaksNothing()
    {
        using var device = new CpuDevice(new CpuDeviceOptions { MemoryBytes = 1 << 20 });
        var refusal = Assert.Throws<MemoryExceededException>(() => LocalModel.Open(ModelLocator.Demo, Options, device));
        Assert.Contains("the weights of 'demo'", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, device.Memory.LeasedBytes);
    }

    [Fact]
    public void Open_WithoutMemoryForTheKv_SaysSoAndLeaksNothing()
    {
        using var device = new CpuDevice(new CpuDeviceOptions { MemoryBytes = WeightBytes() + (1 << 20) });
        var refusal = Assert.Throws<MemoryExceededException>(() => LocalModel.Open(ModelLocator.Demo, Options, device));
        Assert.Contains("MiB here", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, device.Memory.LeasedBytes);
    }

    /// <summary>Room for the KV of a few positions and not for the activations, or the other way round: whichever comes second is refused.</summary>
    [Theory]
    [InlineData(1, 60)]
    [InlineData(64, 1)]
    public void ComputeLogits_WithoutMemoryHalfway_LeavesNothingLeased(int freeKiB, int chunk)
    {
        using var device = new CpuDevice();
        using var local = LocalModel.Open(ModelLocator.Demo, Options, device);
        int[] ids = [.. Enumerable.Range(5, 60)];
        using var taken = device.Memory.Lease(device.Memory.FreeBytes - freeKiB * 1024, "everything else");
        long before = device.Memory.LeasedBytes;
        Assert.Throws<MemoryExceededException>(() => local.ComputeLogits(DType.F32, ids, chunk, (_, _) => { }, TestContext.Current.CancellationToken));
        Assert.Equal(before, device.Memory.LeasedBytes);
    }

    [Fact]
    public void Open_UnknownName_ListsWhatIsKnown()
    {
        var refusal = Assert.Throws<SluiceException>(() => LocalModel.Open("no-such-model"));
        Assert.Contains("demo", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_TwoModelsOnOneDevice_AnswerSideBySide()
    {
        using var device = new CpuDevice();
        using var demo = LocalModel.Open(ModelLocator.Demo, Options, device);
        using var draft = LocalModel.Open(ModelLocator.DemoDraft, Options, device);
        int[] ids = Encode(demo, "<|im_start|>user\nHello!<|im_end|>\n<|im_start|>assistant\n");
        int[][] alone = [await Generate(demo, [new PromptSegment.Tokens(ids)]), await Generate(draft, [new PromptSegment.Tokens(ids)])];
        int[][] together = await Task.WhenAll(Generate(demo, [new PromptSegment.Tokens(ids)]), Generate(draft, [new PromptSegment.Tokens(ids)]));
        Assert.Equal(alone, together);
    }

    private static long WeightBytes()
    {
        using var package = ModelPackage.Open(ModelLocator.Resolve(ModelLocator.Demo));
        return package.TensorBytes;
    }

    private static int[] Encode(LocalModel local, string text)
    {
        var ids = new List<int>();
        local.Tokenizer.Encode(text, EncodeOptions.Rendered, ids);
        return [.. ids];
    }

    /// <summary>The embedding table's rows of some tokens, decoded from the file.</summary>
    private static float[] EmbeddingRows(LocalModel local, ReadOnlySpan<int> ids)
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1 });
        using var backend = device.CreateBackend();
        int dim = local.Package.Config.Dim;
        var table = backend.Memory.LoadTable(local.Package.Tensors.Open(local.Package.Tensors.Find("token_embd.weight")!));
        using var rows = backend.Memory.Allocate(ids.Length, dim);
        backend.Linear.Embed(table, ids, rows);
        var values = new float[ids.Length * dim];
        for (int r = 0; r < ids.Length; r++)
            backend.Memory.Read(rows, r, values.AsSpan(r * dim, dim));
        return values;
    }

    private static async Task<int[]> Generate(LocalModel local, IReadOnlyList<PromptSegment> prompt)
    {
        var request = new GenerationRequest { Prompt = local.Engine.Prepare(prompt), MaxTokens = 24, StopTokens = local.EndTokens };
        Assert.Equal(SubmitOutcome.Accepted, local.Engine.TrySubmit(request, out var generation));
        var tokens = new List<int>();
        await foreach (var e in generation!.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (e.Finish is null)
                tokens.Add(e.Token);
        }
        return [.. tokens];
    }
}

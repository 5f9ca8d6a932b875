using Microsoft.Extensions.AI;
using Sluice.Core;
using Sluice.Engine;
using Sluice.Local;
using Sluice.Models;
using Sluice.Protocol.Requests;

namespace Sluice.Tests.Local.Clients;

public sealed class LocalEmbeddingGeneratorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Generate_SeveralTexts_AreNormedInOrderAndCounted()
    {
        using LocalModel model = Open();
        using var generator = model.AsEmbeddingGenerator();

        var all = await generator.GenerateAsync(["a fox", "an owl", "a fox"], cancellationToken: Cancellation);
        var cut = await generator.GenerateAsync("an owl", new EmbeddingGenerationOptions { Dimensions = 8 }, Cancellation);

        Assert.Equal(3, all.Count);
        Assert.Equal(all[0].Vector.ToArray(), all[2].Vector.ToArray());
        Assert.NotEqual(all[0].Vector.ToArray(), all[1].Vector.ToArray());
        Assert.All(all, embedding => Assert.Equal(1, embedding.Vector.ToArray().Sum(value => (double)value * value), 1e-5));
        Assert.Equal((8, "demo"), (cut.Dimensions, cut.ModelId));
        Assert.True(all.Usage!.InputTokenCount >= 3);
        Assert.Equal(all.Usage.InputTokenCount, all.Usage.TotalTokenCount);
        Assert.Empty(await generator.GenerateAsync([], cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Generate_PoolingOverridden_GivesOtherVectors()
    {
        using LocalModel mean = Open(), last = Open(Pooling.Last);
        Assert.Equal((Pooling.Mean, Pooling.Last), (mean.Pooling, last.Pooling));

        var byMean = await mean.AsEmbeddingGenerator().GenerateVectorAsync("The fox and the owl.", cancellationToken: Cancellation);
        var byLast = await last.AsEmbeddingGenerator().GenerateVectorAsync("The fox and the owl.", cancellationToken: Cancellation);

        Assert.NotEqual(byMean.ToArray(), byLast.ToArray());
    }

    [Fact]
    public async Task Generate_WhatIsNotBuilt_IsRefused()
    {
        using LocalModel model = Open();
        using var generator = model.AsEmbeddingGenerator();
        Task Ask(EmbeddingGenerationOptions options) => generator.GenerateAsync("x", options, Cancellation);

        await Assert.ThrowsAsync<NotSupportedException>(() => Ask(new() { ModelId = "other" }));
        await Assert.ThrowsAsync<NotSupportedException>(() => Ask(new() { AdditionalProperties = new() { ["task"] = "search" } }));
        var tooMany = await Assert.ThrowsAsync<InvalidRequestException>(() => Ask(new() { Dimensions = 100_000 }));
        Assert.Equal("dimensions", tooMany.Param);
    }

    [Fact]
    public void GetService_KnownTypes_AreGiven()
    {
        using LocalModel model = Open();
        using var generator = model.AsEmbeddingGenerator();
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>()!;
        Assert.Equal(("sluice", "demo", 256), (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Same(model, generator.GetService<LocalModel>());
        Assert.Null(generator.GetService<IChatClient>());
    }

    private static LocalModel Open(Pooling? pooling = null) => LocalModel.Open(ModelLocator.Demo, new LocalModelOptions
    {
        Engine = new EngineOptions { ContextTokens = 128, MaxSequences = 2, MaxQueue = 1, KvType = DType.F32 }, Pooling = pooling,
    });
}

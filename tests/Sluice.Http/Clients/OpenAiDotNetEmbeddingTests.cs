using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Embeddings;
using Sluice.Http.Demo;
using Sluice.Local;

namespace Sluice.Http.Clients;

/// <summary>OpenAI's .NET package, unmodified, asking for embeddings; it asks for base64.</summary>
public sealed class OpenAiDotNetEmbeddingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GenerateEmbeddings_SeveralTexts_AreUnderstoodWhole()
    {
        await using LocalServer server = await LocalServer.StartAsync(ModelLocator.Demo);
        EmbeddingClient client = ClientOf(server);

        OpenAIEmbeddingCollection all = await client.GenerateEmbeddingsAsync(["a fox", "an owl"], cancellationToken: Cancellation);
        OpenAIEmbedding one = await client.GenerateEmbeddingAsync("an owl", new EmbeddingGenerationOptions { Dimensions = 16 }, Cancellation);

        Assert.Equal("demo", all.Model);
        Assert.Equal([0, 1], all.Select(embedding => embedding.Index));
        Assert.True(all.Usage.InputTokenCount > 1);
        float[] owl = all[1].ToFloats().ToArray(), cut = one.ToFloats().ToArray();
        Assert.Equal(1, owl.Sum(value => (double)value * value), 1e-5);
        Assert.Equal(16, cut.Length);
        Assert.Equal(owl[0] / owl[1], cut[0] / cut[1], 1e-4);
    }

    [Fact]
    public async Task GenerateEmbeddings_TokenIds_EqualTheirText()
    {
        await using LocalServer server = await LocalServer.StartAsync(ModelLocator.Demo);
        var ids = new List<int>();
        using (LocalModel demo = LocalModel.Open(ModelLocator.Demo, LocalModelOptions.Single(64)))
            demo.Tokenizer.Encode("a fox", Models.Tokenizers.EncodeOptions.Prompt, ids);

        OpenAIEmbeddingCollection fromIds = await ClientOf(server).GenerateEmbeddingsAsync([ids.ToArray()], cancellationToken: Cancellation);
        OpenAIEmbedding fromText = await ClientOf(server).GenerateEmbeddingAsync("a fox", cancellationToken: Cancellation);

        Assert.Equal(fromText.ToFloats().ToArray(), Assert.Single(fromIds).ToFloats().ToArray());
    }

    [Fact]
    public async Task GenerateEmbeddings_TooManyDimensions_RaisesTheReason()
    {
        await using LocalServer server = await LocalServer.StartAsync(ModelLocator.Demo);

        var fault = await Assert.ThrowsAsync<ClientResultException>(
            () => ClientOf(server).GenerateEmbeddingAsync("a fox", new EmbeddingGenerationOptions { Dimensions = 100_000 }, Cancellation));

        Assert.Equal(400, fault.Status);
        Assert.Contains("dimensions", fault.Message, StringComparison.Ordinal);
    }

    private static EmbeddingClient ClientOf(LocalServer server) => new OpenAIClient(
        new ApiKeyCredential("unused"),
        new OpenAIClientOptions { Endpoint = new Uri(server.Http.Url, "/v1"), RetryPolicy = new ClientRetryPolicy(0) })
        .GetEmbeddingClient(server.Name);
}

using System.Text.Json;
using Sluice.Core;
using Sluice.Engine;
using Sluice.Engine.Embedding;
using Sluice.Engine.Requests;
using Sluice.Local;
using Sluice.Models;

namespace Sluice.Golden;

/// <summary>The pooled output embeddings of the decoder models, as llama.cpp computed them.</summary>
public sealed class EmbeddingTests(ITestOutputHelper output)
{
    /// <summary>Of the models in the reference data, those whose architecture is built.</summary>
    public static TheoryData<string, string> Cases => new(
        from model in new[] { "llama.gguf", "qwen2.gguf", "qwen3.gguf" } from pooling in new[] { "mean", "last" } select (model, pooling));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Embed_ReferenceTokens_PointsWhereTheReferenceDoes(string model, string pooling)
    {
        var cases = File.ReadLines(GoldenData.Require("models/embeddings/embeddings.jsonl")).Select(line => JsonElement.Parse(line))
            .Where(one => one.GetProperty("model").ValueEquals(model) && one.GetProperty("pooling").ValueEquals(pooling)).ToList();
        Assert.Equal(2, cases.Count);
        using var local = LocalModel.Open(GoldenData.Require($"models/synth/{model}"), new LocalModelOptions
        {
            Engine = new EngineOptions { KvType = DType.F32, ContextTokens = 512, MaxStepTokens = 8, MaxSequences = 8 },
        });
        var company = Generate(local);
        double worst = 1;
        foreach (JsonElement one in cases)
        {
            float[] expected = Values(one, "embedding", value => value.GetSingle());
            float[] actual = await EmbedAsync(local, Values(one, "tokens", value => value.GetInt32()), pooling == "mean" ? Pooling.Mean : Pooling.Last);
            worst = Math.Min(worst, Cosine(expected, actual));
        }
        await company;
        output.WriteLine($"{model}, {pooling}: lowest cosine {worst:F9}");
        Assert.InRange(worst, 0.99999, 1.0000001);
    }

    private static async Task<float[]> EmbedAsync(LocalModel local, int[] tokens, Pooling pooling)
    {
        var request = new PoolingRequest { Prompt = local.Engine.Prepare([new PromptSegment.Tokens(tokens)]), Pooling = pooling };
        Assert.Equal(SubmitOutcome.Accepted, local.Engine.TrySubmit(request, out var generation));
        var end = await generation!.ReadEmbeddingAsync(TestContext.Current.CancellationToken);
        Assert.Equal(FinishReason.Embedded, end.Finish);
        return end.Embedding!;
    }

    private static async Task Generate(LocalModel local)
    {
        local.Engine.TrySubmit(new GenerationRequest { Prompt = local.Engine.Prepare([new PromptSegment.Tokens(new[] { 1, 5, 9 })]), MaxTokens = 30 }, out var generation);
        await foreach (var e in generation!.ReadAllAsync(TestContext.Current.CancellationToken))
            Assert.Null(e.Fault);
    }

    private static T[] Values<T>(JsonElement parent, string name, Func<JsonElement, T> read) => [.. parent.GetProperty(name).EnumerateArray().Select(read)];

    private static double Cosine(float[] a, float[] b)
    {
        Assert.Equal(a.Length, b.Length);
        double Dot(float[] x, float[] y) => x.Zip(y, (left, right) => (double)left * right).Sum();
        return Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));
    }
}

using System.Text.Json;
using Sluice.Core;
using Sluice.Engine;
using Sluice.Local;

namespace Sluice.Golden;

/// <summary>What storing keys and values in fewer bits does to logits, against the same model with them in F32, which other tests hold to the references.</summary>
public sealed class StoredKvTests(ITestOutputHelper output)
{
    private static readonly LocalModelOptions Options = new() { Engine = new EngineOptions { ContextTokens = 64, MaxSequences = 1 } };

    /// <summary>Most mean divergence allowed; what was measured is at most half of it.</summary>
    public static TheoryData<string, DType, double> Limits => new()
    {
        { "../demo/sluice-demo-f16.gguf", DType.F16, 2e-7 },
        { "../demo/sluice-demo-f16.gguf", DType.Q8_0, 1e-4 },
        { "../demo/sluice-demo-f16.gguf", DType.Q4_0, 3e-2 },
        { "models/stories260K/stories260K-f32.gguf", DType.F16, 2e-6 },
        { "models/stories260K/stories260K-f32.gguf", DType.Q8_0, 2e-3 }, // heads of 8
        { "models/quant/llama_d256.F16.gguf", DType.Q8_0, 2e-4 },
        { "models/synth/llama.gguf", DType.Q8_0, 5e-4 },
        { "models/synth/qwen3.gguf", DType.Q8_0, 2e-4 },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public void Logits_FewerBits_StayNearThoseOfF32(string model, DType type, double limit)
    {
        string path = GoldenData.Require(model);
        using var local = LocalModel.Open(path, Options);
        int[] ids = Ids(model);
        double kl = Distributions.MeanKl(Logits(local, DType.F32, ids, 512), Logits(local, type, ids, 512));
        output.WriteLine($"{model}, {type}: mean KL {kl:E2} over {ids.Length} positions");
        Assert.InRange(kl, -1e-9, limit);
    }

    [Theory]
    [InlineData(DType.F16)]
    [InlineData(DType.Q8_0)]
    [InlineData(DType.Q4_0)]
    public void Logits_AnyChunking_AreTheSameBits(DType type)
    {
        const string Model = "../demo/sluice-demo-q8_0.gguf";
        using var local = LocalModel.Open(GoldenData.Require(Model), Options);
        int[] ids = Ids(Model);
        float[][] whole = Logits(local, type, ids, 512);
        foreach (int chunk in new[] { 1, 7, 64 })
            Assert.Equal(whole.SelectMany(row => row), Logits(local, type, ids, chunk).SelectMany(row => row));
    }

    /// <summary>The reference's prompt; for the demo model all its prompts, one after the other.</summary>
    private static int[] Ids(string model)
    {
        if (!model.Contains("demo", StringComparison.Ordinal))
            return ReferenceModel.Open(model["models/".Length..]).Prompt;
        var prompts = JsonElement.Parse(File.ReadAllText(GoldenData.Require("../demo/refs/main.json"))).GetProperty("prompts");
        return [.. prompts.EnumerateArray().SelectMany(p => p.GetProperty("ids").EnumerateArray().Concat(p.GetProperty("greedy_ids").EnumerateArray()))
            .Select(id => id.GetInt32()).Take(600)];
    }

    private static float[][] Logits(LocalModel local, DType type, int[] ids, int chunk)
    {
        var rows = new List<float[]>();
        local.ComputeLogits(type, ids, chunk, (_, logits) => rows.Add([.. logits]), TestContext.Current.CancellationToken);
        return [.. rows];
    }
}

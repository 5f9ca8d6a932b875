using System.Text.Json;
using Sluice.Core;
using Sluice.Engine;
using Sluice.Local;
using Sluice.Models.Tokenizers;

namespace Sluice.Golden;

/// <summary>The embedded model against what torch and llama.cpp computed with its weights (demo/refs/main.json, beside the reference data).</summary>
public sealed class DemoTests(ITestOutputHelper output)
{
    private static readonly LocalModelOptions Options = new()
    {
        Engine = new EngineOptions { KvType = DType.F32, ContextTokens = 1024, MaxSequences = 4 },
    };

    private readonly List<JsonElement> _prompts = [.. JsonElement.Parse(File.ReadAllText(GoldenData.Require("../demo/refs/main.json")))
        .GetProperty("prompts").EnumerateArray()];

    public static TheoryData<string> HalfPrecision => ["../demo/sluice-demo-f16.gguf", "../demo/main"];

    [Theory]
    [MemberData(nameof(HalfPrecision))]
    [InlineData("../demo/sluice-demo-q8_0.gguf")]
    public void Tokenizer_EveryPrompt_GivesTheReferenceIds(string model)
    {
        using var local = LocalModel.Open(GoldenData.Require(model), Options);
        foreach (var prompt in _prompts)
        {
            var ids = new List<int>();
            local.Tokenizer.Encode(prompt.GetProperty("text").GetString(), new EncodeOptions(AddSpecial: false, ParseSpecial: true), ids);
            Assert.Equal(Ids(prompt, "ids"), ids);
        }
    }

    [Theory]
    [MemberData(nameof(HalfPrecision))]
    public async Task Generate_HalfPrecision_EqualsTheReferenceForEveryPrompt(string model)
    {
        using var local = LocalModel.Open(GoldenData.Require(model), Options);
        Assert.Equal(21, _prompts.Count);
        foreach (var prompt in _prompts)
            Assert.Equal(Ids(prompt, "greedy_ids"), await GreedyRun.GenerateAsync(local, Ids(prompt, "ids"), 64, local.EndTokens));
    }

    [Theory]
    [MemberData(nameof(HalfPrecision))]
    public void Logits_HalfPrecision_EqualTheReferenceAtTheLastPosition(string model)
    {
        using var local = LocalModel.Open(GoldenData.Require(model), Options);
        double worst = 0;
        foreach (var prompt in _prompts)
        {
            byte[] bytes = prompt.GetProperty("logits_f32_b64").GetBytesFromBase64();
            var expected = new float[bytes.Length / sizeof(float)];
            Buffer.BlockCopy(bytes, 0, expected, 0, bytes.Length);
            int[] ids = Ids(prompt, "ids");
            local.ComputeLogits(DType.F32, ids, 512, (position, logits) =>
            {
                if (position == ids.Length - 1)
                    worst = Math.Max(worst, expected.Zip(logits).Max(p => Math.Abs(p.First - p.Second)));
            }, TestContext.Current.CancellationToken);
        }
        output.WriteLine($"{model}: largest difference of a logit {worst:E2}");
        Assert.InRange(worst, 0, 1e-3);
    }

    [Fact]
    public async Task Generate_Quantised_EqualsTheReferenceForAtLeast19Prompts()
    {
        using var local = LocalModel.Open(GoldenData.Require("../demo/sluice-demo-q8_0.gguf"), Options);
        var different = new List<string>();
        foreach (var prompt in _prompts)
        {
            int[] generated = await GreedyRun.GenerateAsync(local, Ids(prompt, "ids"), 64, local.EndTokens);
            if (!generated.SequenceEqual(Ids(prompt, "greedy_ids")))
                different.Add(prompt.GetProperty("name").GetString()!);
        }
        output.WriteLine($"different: {string.Join(", ", different)}");
        Assert.InRange(different.Count, 0, 2);
    }

    private static int[] Ids(JsonElement prompt, string name) => [.. prompt.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];
}

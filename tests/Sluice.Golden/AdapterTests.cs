using System.Text.Json;
using Sluice.Core;
using Sluice.Engine;
using Sluice.Engine.Requests;
using Sluice.Local;
using Sluice.Protocol.Sources;

namespace Sluice.Golden;

/// <summary>LoRA adapters against what llama.cpp computed through them (models/lora) and torch generated (demo/lora/*/ref.json).</summary>
public sealed class AdapterTests(ITestOutputHelper output)
{
    private static readonly LocalModelOptions Options = new()
    {
        Engine = new EngineOptions { KvType = DType.F32, ContextTokens = 1024, MaxSequences = 4 },
    };

    [Fact]
    public void Logits_ThroughAdapters_EqualTheReferences()
    {
        string[] references = Directory.GetFiles(GoldenData.Require("models/lora"), "*.ref.json");
        Assert.NotEmpty(references);
        foreach (string path in references.Order())
            CompareLogits(path);
    }

    [Theory]
    [InlineData("../demo/sluice-demo-f16.gguf", "pirate", "")]
    [InlineData("../demo/sluice-demo-f16.gguf", "upper", "")]
    [InlineData("../demo/sluice-demo-f16.gguf", "pirate", "adapter-pirate.gguf")]
    [InlineData("../demo/sluice-demo-f16.gguf", "upper", "adapter-upper.gguf")]
    [InlineData("../demo/main", "pirate", "")]
    [InlineData("../demo/main", "pirate", "adapter-pirate.gguf")]
    [InlineData("../demo/main", "upper", "adapter-upper.gguf")]
    public async Task Generate_ThroughDemoAdapter_EqualsTheReferenceForEveryPrompt(string model, string adapter, string file)
    {
        string folder = GoldenData.Require("../demo/lora/" + adapter);
        using var local = LocalModel.Open(GoldenData.Require(model), Options);
        local.LoadAdapter(new AdapterInfo(adapter, Path.Combine(folder, file)));
        var reference = JsonElement.Parse(File.ReadAllText(Path.Combine(folder, "ref.json")));
        Assert.NotEmpty(reference.GetProperty("prompts").EnumerateArray());
        foreach (var prompt in reference.GetProperty("prompts").EnumerateArray())
            Assert.Equal(Ints(prompt, "greedy_ids"), await Generate(local, adapter, Ints(prompt, "ids")));
    }

    private void CompareLogits(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        var reference = JsonElement.Parse(File.ReadAllText(path));
        using var model = LocalModel.Open(Path.Combine(folder, reference.GetProperty("base").GetString()!), Options);
        foreach (var result in reference.GetProperty("results").EnumerateArray())
        {
            float scale = result.GetProperty("scale").GetSingle();
            string adapter = FormattableString.Invariant($"scale{scale}");
            model.LoadAdapter(new AdapterInfo(adapter, Path.Combine(folder, reference.GetProperty("adapter").GetString()!), scale));
            string logitsPath = Path.Combine(folder, result.GetProperty("logits_file").GetString()!);
            float[][] expected = ReadLogits(logitsPath, model.Package.Config.Vocabulary);
            foreach (int chunk in new[] { 1, 7, 64 })
            {
                var rows = new List<float[]>();
                model.ComputeLogits(
                    adapter, DType.F32, Ints(reference, "prompt"), chunk, (_, logits) => rows.Add([.. logits]),
                    TestContext.Current.CancellationToken);
                double worst = Distributions.MaxDifference(expected, [.. rows]);
                output.WriteLine($"{Path.GetFileName(path)}, {adapter}, {chunk} tokens a step: largest difference {worst:E2}");
                Assert.InRange(worst, 0, 1e-3);
            }
        }
    }

    private static float[][] ReadLogits(string path, int vocabulary)
    {
        byte[] bytes = File.ReadAllBytes(path);
        var values = new float[bytes.Length / sizeof(float)];
        Buffer.BlockCopy(bytes, 0, values, 0, bytes.Length);
        return [.. values.Chunk(vocabulary)];
    }

    private static int[] Ints(JsonElement parent, string name) => [.. parent.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];

    private static async Task<int[]> Generate(LocalModel local, string adapter, int[] prompt)
    {
        var request = new GenerationRequest
        {
            Prompt = local.Engine.Prepare([new PromptSegment.Tokens(prompt)], adapter: local.FindAdapter($"{local.Name}:{adapter}")),
            MaxTokens = 64, StopTokens = local.EndTokens,
        };
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

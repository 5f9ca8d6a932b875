using System.Text.Json.Nodes;
using Sluice.Core;
using Sluice.Engine;
using Sluice.Local;

namespace Sluice.Golden;

/// <summary>Models whose layers see a window: reference weights whose configuration is given one.</summary>
public sealed class WindowModelTests : IDisposable
{
    private const int Window = 6;

    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-window-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("hf/llama", "mistral", 0)] // every layer has the window
    [InlineData("hf/qwen2", "qwen2", 1)] // all layers but the first
    public void Logits_WithAWindow_EqualTheReferenceAsFarAsTheWindowReaches(string model, string type, int firstWindowed)
    {
        var reference = ReferenceModel.Open(model);
        using var local = Open(reference, type, firstWindowed);
        float[][] expected = reference.Logits(), actual = Logits(local, reference.Prompt, chunk: 512);
        Assert.True(reference.Prompt.Length > 2 * Window, "the prompt was meant to be longer than the window");
        Assert.InRange(Distributions.MaxDifference(expected[..Window], actual[..Window]), 0, 1e-3);
        Assert.True(Distributions.MaxDifference([expected[^1]], [actual[^1]]) > 1e-2, "the window hides nothing");
    }

    [Theory]
    [InlineData("hf/llama", "mistral", 0)]
    [InlineData("hf/qwen2", "qwen2", 1)]
    public async Task Generate_DroppingBlocks_EqualsTheRunThatKeepsThem(string model, string type, int firstWindowed)
    {
        const int Count = 100;
        var reference = ReferenceModel.Open(model);
        using var local = Open(reference, type, firstWindowed);
        int[] generated = await GreedyRun.GenerateAsync(local, reference.Prompt, Count);
        int[] all = [.. reference.Prompt, .. generated];
        // The probe keeps every block; its largest logit after each token must be the token that the engine gave.
        float[][] logits = Logits(local, all[..^1], chunk: 7);
        for (int i = 0; i < Count; i++)
            Assert.Equal(logits[reference.Prompt.Length - 1 + i].AsSpan().IndexOf(logits[reference.Prompt.Length - 1 + i].Max()), generated[i]);
        Assert.Equal(generated, await GreedyRun.GenerateAsync(local, reference.Prompt, Count)); // from cached blocks
        Assert.Equal(generated[1..], await GreedyRun.GenerateAsync(local, all[..(reference.Prompt.Length + 1)], Count - 1));
    }

    private LocalModel Open(ReferenceModel reference, string type, int firstWindowed)
    {
        foreach (string file in Directory.EnumerateFiles(reference.ModelPath))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        string path = Path.Combine(_folder, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!;
        config["model_type"] = type;
        config["sliding_window"] = Window;
        config["use_sliding_window"] = true;
        config["max_window_layers"] = firstWindowed;
        File.WriteAllText(path, config.ToJsonString());
        // Small blocks, so that many fall out of the window.
        return LocalModel.Open(_folder, new LocalModelOptions
        {
            Engine = new EngineOptions { KvType = DType.F32, ContextTokens = 256, MaxSequences = 2, MaxStepTokens = 8, BlockTokens = 8 },
        });
    }

    private static float[][] Logits(LocalModel local, int[] ids, int chunk)
    {
        var rows = new List<float[]>();
        local.ComputeLogits(DType.F32, ids, chunk, (_, logits) => rows.Add([.. logits]), TestContext.Current.CancellationToken);
        return [.. rows];
    }
}

using Sluice.Core;
using Sluice.Cpu;
using Sluice.Cpu.Dispatch;
using Sluice.Engine;
using Sluice.Local;

namespace Sluice.Golden;

/// <summary>Every Llama, Mixtral, Qwen2 and Qwen3 of the reference data, in every format that computes, at every position.</summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    public static TheoryData<string> FullPrecision =>
    [
        "stories260K/stories260K-f32.gguf",
        "synth/llama.gguf", "synth/llama3rope.gguf", "synth/llama_mqa_tied.gguf", "synth/llama_rope_linear.gguf", "synth/llama_rope_yarn.gguf",
        "synth/mixtral.gguf", "synth/mixtral_3x.gguf", "synth/qwen2.gguf", "synth/qwen3.gguf",
        "gguf-split/mixtral_3x-00001-of-00003.gguf",
        "hf/llama", "hf/llama-f16", "hf/mixtral_3x", "hf/qwen2", "hf/qwen3", "hf/qwen3-bf16",
    ];

    public static TheoryData<string> Greedy =>
    [
        "stories260K/stories260K-f32.gguf",
        "synth/llama.gguf", "synth/llama3rope.gguf", "synth/llama_mqa_tied.gguf", "synth/llama_rope_linear.gguf", "synth/llama_rope_yarn.gguf",
        "synth/mixtral.gguf", "synth/mixtral_3x.gguf", "synth/qwen2.gguf", "synth/qwen3.gguf",
        "gguf-split/mixtral_3x-00001-of-00003.gguf",
    ];

    private static readonly LocalModelOptions Options = new()
    {
        Engine = new EngineOptions { KvType = DType.F32, ContextTokens = 512, MaxSequences = 8, MaxStepTokens = 64 },
    };

    [Theory]
    [MemberData(nameof(FullPrecision))]
    public void Logits_FullPrecisionWeights_EqualTheReference(string model)
    {
        var reference = ReferenceModel.Open(model);
        float[][] expected = reference.Logits();
        double difference = Distributions.MaxDifference(expected, Logits(reference, chunk: 512)[..expected.Length]);
        output.WriteLine($"{model}: largest difference of a log-probability {difference:E2}");
        Assert.InRange(difference, 0, 1e-3);
    }

    [Theory]
    [InlineData("quant/llama_d256.F16.gguf")]
    [InlineData("quant/llama_d256.BF16.gguf")]
    public void Logits_HalfPrecisionWeights_EqualTheDenseReference(string model)
    {
        var reference = ReferenceModel.Open(model);
        double difference = Distributions.MaxDifference(reference.Logits("logits_dense_file"), Logits(reference, chunk: 512));
        output.WriteLine($"{model}: largest difference of a log-probability {difference:E2}");
        Assert.InRange(difference, 0, 2e-3);
    }

    [Theory]
    [InlineData("hf/qwen3-bf16", "logits_file")]
    [InlineData("quant/llama_d256.BF16.gguf", "logits_dense_file")]
    public void Logits_ActivationsRoundedOnRequest_StayWithinWhatSixteenBitsAllow(string model, string expected)
    {
        bool rounds = InstructionSets.IsSupported(KernelVariant.Avx512BF16); // elsewhere the exact kernels must pass, and a request for rounding is refused
        using var device = new CpuDevice(new CpuDeviceOptions { Kernels = rounds ? InstructionSets.NameOf(KernelVariant.Avx512BF16) : null });
        var reference = ReferenceModel.Open(model);
        float[][] logits = reference.Logits(expected);
        double difference = Distributions.MaxDifference(logits, Logits(reference, chunk: 512, device)[..logits.Length]);
        output.WriteLine($"{model} on {device.Name}: largest difference of a log-probability {difference:E2}");
        Assert.InRange(difference, rounds ? 1e-5 : 0, 5e-2); // nothing smaller, or the rounding kernel did not run
    }

    [Theory]
    [InlineData("quant/llama_d256.Q8_0.gguf")]
    [InlineData("quant/llama_d256.Q4_0.gguf")]
    [InlineData("quant/llama_d256.Q4_K.gguf")]
    [InlineData("quant/llama_d256.Q4_K_M.gguf")]
    [InlineData("quant/llama_d256.Q5_K.gguf")]
    [InlineData("quant/llama_d256.Q5_K_M.gguf")]
    [InlineData("quant/llama_d256.Q6_K.gguf")]
    [InlineData("quant/moe_d256.Q8_0.gguf")]
    [InlineData("quant/moe_d256.Q4_K.gguf")]
    public void Logits_QuantisedWeights_StayNearTheDenseReference(string model)
    {
        var reference = ReferenceModel.Open(model);
        double kl = Distributions.MeanKl(reference.Logits("logits_dense_file"), Logits(reference, chunk: 512));
        output.WriteLine($"{model}: mean KL {kl:E2}, llama.cpp's own {reference.MeanKlOfNative:E2}");
        Assert.InRange(kl, 0, Math.Min(3e-3, 3 * reference.MeanKlOfNative));
    }

    [Theory]
    [InlineData("synth/llama.gguf")]
    [InlineData("synth/mixtral.gguf")]
    [InlineData("hf/qwen3-bf16")]
    [InlineData("quant/llama_d256.F16.gguf")]
    [InlineData("quant/llama_d256.Q8_0.gguf")]
    [InlineData("quant/llama_d256.Q4_0.gguf")]
    [InlineData("quant/llama_d256.Q4_K_M.gguf")]
    [InlineData("quant/llama_d256.Q5_K_M.gguf")]
    public void Logits_AnyChunking_AreTheSameBits(string model)
    {
        var reference = ReferenceModel.Open(model);
        float[][] whole = Logits(reference, chunk: 512);
        foreach (int chunk in new[] { 1, 3, 7, 16 })
        {
            float[][] chunked = Logits(reference, chunk);
            for (int p = 0; p < whole.Length; p++)
                Assert.Equal(whole[p], chunked[p]);
        }
    }

    [Theory]
    [MemberData(nameof(Greedy))]
    public async Task Generate_Greedy_EqualsTheReferenceAloneAndInCompany(string model)
    {
        var reference = ReferenceModel.Open(model);
        using var local = LocalModel.Open(reference.ModelPath, Options);
        var company = Enumerable.Range(1, 7).Select(i => GreedyRun.GenerateAsync(local, [i, i + 1, i + 2, i * 3], 40)).ToList();
        int[] amongOthers = await GreedyRun.GenerateAsync(local, reference.GreedyPrompt, reference.GreedyTokens.Length);
        await Task.WhenAll(company);
        int[] alone = await GreedyRun.GenerateAsync(local, reference.GreedyPrompt, reference.GreedyTokens.Length);
        Assert.Equal(reference.GreedyTokens, amongOthers);
        Assert.Equal(reference.GreedyTokens, alone);
    }

    private static float[][] Logits(ReferenceModel reference, int chunk, CpuDevice? device = null)
    {
        using var local = LocalModel.Open(reference.ModelPath, Options, device);
        var rows = new List<float[]>();
        local.ComputeLogits(DType.F32, reference.Prompt, chunk, (_, logits) => rows.Add([.. logits]), TestContext.Current.CancellationToken);
        return [.. rows];
    }
}

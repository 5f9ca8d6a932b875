using Sluice.Core;
using Sluice.Core.Steps;
using Sluice.Engine;
using Sluice.Engine.Requests;
using Sluice.Engine.Sampling;
using Sluice.Local;

namespace Sluice.Golden;

/// <summary>
/// A request's answer does not depend on its neighbours: same tokens and same bits of their log-probabilities, in which every logit of the
/// row has a part, alone, among 31 others, in chunks, from the cache, preempted.
/// </summary>
public sealed class InvarianceTests
{
    private const int Tokens = 60, Company = 31, Best = 8;

    private static readonly EngineOptions Roomy = new() { KvType = DType.F16, ContextTokens = 256, MaxSequences = 32, MergeIdentical = false };

    /// <summary>Drawn tokens tell more than the most likely ones do: the slightest change of a probability moves some draw.</summary>
    private static readonly SamplingOptions Drawn = new() { Temperature = 1.5f, Seed = 11 };

    [Theory]
    [InlineData("synth/llama.gguf")]
    [InlineData("synth/mixtral.gguf")]
    [InlineData("synth/qwen3.gguf")]
    [InlineData("quant/llama_d256.Q8_0.gguf")]
    [InlineData("quant/llama_d256.Q4_K_M.gguf")]
    public async Task Generate_AnyCircumstances_DrawsTheSameTokensFromTheSameBits(string model)
    {
        var reference = ReferenceModel.Open(model);
        string path = reference.ModelPath;
        int[] prompt = [.. Enumerable.Range(0, 70).Select(i => reference.Prompt[i % reference.Prompt.Length])];
        TokenScore[] alone, cached;
        using (var local = Open(path, Roomy))
        {
            alone = await ReadAsync(Submit(local, prompt));
            var again = Submit(local, prompt);
            cached = await ReadAsync(again);
            Assert.Equal(prompt.Length - 1, again.CachedTokens);
        }
        Assert.Equal(Tokens * (1 + Best), alone.Length);
        Assert.Equal(alone, cached);
        Assert.Equal(alone, await AmongOthersAsync(path, Roomy, prompt, preempted: false));
        Assert.Equal(alone, await AmongOthersAsync(path, Roomy with { MaxStepTokens = 40 }, prompt, preempted: false)); // chunks of 8 beside the streams
        Assert.Equal(alone, await AmongOthersAsync(path, Roomy with { PrefixCache = false }, prompt, preempted: true));
    }

    [Theory]
    [InlineData("synth/llama.gguf")]
    [InlineData("synth/qwen3.gguf")]
    public async Task Generate_KeepingWhatHadMostAttention_DrawsTheSameTokensInAnyChunksAndCompany(string model)
    {
        var keep = new KvRetention(4, 32, 48);
        var options = Roomy with { ContextTokens = 1024, BeyondTraining = true, MaxSequences = 4 };
        var reference = ReferenceModel.Open(model);
        int[] prompt = [.. Enumerable.Range(0, 700).Select(i => reference.Prompt[(i + i / 50) % reference.Prompt.Length])];
        TokenScore[] alone, narrow;
        using (var local = Open(reference.ModelPath, options))
        {
            alone = await ReadAsync(Submit(local, prompt, keep: keep));
            Assert.NotEqual(alone, await ReadAsync(Submit(local, prompt)));
            Assert.NotEqual(alone, await ReadAsync(Submit(local, prompt, keep: keep with { Heavy = 0 })));
        }
        using (var local = Open(reference.ModelPath, options with { MaxStepTokens = 24 }))
        {
            var others = Enumerable.Range(1, 3).Select(i => ReadAsync(Submit(local, prompt[i..], keep: i == 1 ? keep : null))).ToList();
            narrow = await ReadAsync(Submit(local, prompt, keep: keep));
            await Task.WhenAll(others);
        }
        Assert.Equal(alone, narrow);
    }

    private static async Task<TokenScore[]> AmongOthersAsync(string path, EngineOptions options, int[] prompt, bool preempted)
    {
        if (preempted)
            options = options with { KvBytes = TightKvBytes(path, options) };
        using var local = Open(path, options);
        var others = Enumerable.Range(1, Company).Select(i => ReadAsync(Submit(local, [.. prompt.Skip(i).Append(i % 7)], priority: 1))).ToList();
        TokenScore[] scores = await ReadAsync(Submit(local, prompt));
        await Task.WhenAll(others);
        Assert.Equal(preempted, local.Engine.Load.Preemptions > 0);
        return scores;
    }

    /// <summary>For a fifth of what all of them need.</summary>
    private static long TightKvBytes(string path, EngineOptions options)
    {
        using var roomy = Open(path, options);
        return roomy.Engine.Options.KvBytes / 5;
    }

    private static LocalModel Open(string path, EngineOptions options) => LocalModel.Open(path, new LocalModelOptions { Engine = options });

    private static Generation Submit(LocalModel local, int[] prompt, int priority = 0, KvRetention? keep = null)
    {
        var request = new GenerationRequest
        {
            Prompt = local.Engine.Prepare([new PromptSegment.Tokens(prompt)], retention: keep),
            MaxTokens = Tokens,
            Sampling = Drawn,
            Logprobs = Best,
            Priority = priority,
        };
        Assert.Equal(SubmitOutcome.Accepted, local.Engine.TrySubmit(request, out var generation));
        return generation!;
    }

    /// <summary>Of each token its own score, then the best ones in its place.</summary>
    private static async Task<TokenScore[]> ReadAsync(Generation generation)
    {
        var scores = new List<TokenScore>();
        await foreach (var e in generation.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (e.Finish is null)
                scores.AddRange([e.Scores!.Token, .. e.Scores.Best]);
            else
                Assert.Equal(FinishReason.Length, e.Finish);
        }
        return [.. scores];
    }
}

using Sluice.Core.Errors;
using Sluice.Engine.Requests;
using Sluice.Local;

namespace Sluice.Golden;

/// <summary>Files that are sound as files but wrong as models: refused when the model is opened, or failed, with the reason, when it computes.</summary>
public sealed class BadModelTests
{
    private static string Path(string file) => GoldenData.Require("gguf-bad/" + file);

    [Theory]
    [InlineData("missing-key.gguf", "llama.block_count")]
    [InlineData("missing-tensor.gguf", "blk.0.ffn_up.weight")]
    [InlineData("wrong-shape.gguf", "blk.0.attn_q.weight")]
    [InlineData("heads0.gguf", "llama.attention.head_count")]
    [InlineData("kvheads-nodiv.gguf", "KV heads")]
    [InlineData("blockcount-string.gguf", "llama.block_count")]
    public void Open_WrongModel_IsRefusedByName(string file, string named)
    {
        var refusal = Assert.ThrowsAny<ModelFileException>(() => LocalModel.Open(Path(file)).Dispose());
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData("control-ok.gguf")]
    [InlineData("ctx-huge.gguf")]
    public async Task Open_SoundModel_Generates(string file)
    {
        using var local = LocalModel.Open(Path(file));
        Assert.InRange(local.Engine.Options.ContextTokens, 1, 4096); // whatever length the file claims
        Assert.Equal(FinishReason.Length, (await EndOf(local)).Finish);
    }

    [Fact]
    public async Task Generate_ScalesNotANumber_FailsWithTheReason()
    {
        using var local = LocalModel.Open(Path("nan-scales.gguf"));
        var end = await EndOf(local);
        Assert.Equal(FinishReason.Failed, end.Finish);
        Assert.Contains("not finite", end.Fault!.Message, StringComparison.Ordinal);
    }

    private static async Task<GenerationEvent> EndOf(LocalModel local)
    {
        var request = new GenerationRequest { Prompt = local.Engine.Prepare([new PromptSegment.Tokens(new[] { 1, 2, 3 })]), MaxTokens = 4 };
        Assert.Equal(SubmitOutcome.Accepted, local.Engine.TrySubmit(request, out var generation));
        GenerationEvent last = default;
        await foreach (var e in generation!.ReadAllAsync(TestContext.Current.CancellationToken))
            last = e;
        return last;
    }
}

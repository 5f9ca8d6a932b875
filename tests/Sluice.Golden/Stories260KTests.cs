using System.Text;
using Sluice.Core;
using Sluice.Engine;
using Sluice.Engine.Requests;
using Sluice.Engine.Text;
using Sluice.Local;
using Sluice.Models.Tokenizers;

namespace Sluice.Golden;

public sealed class Stories260KTests
{
    [Fact]
    public async Task Generate_200TokensFromNothing_IsTheKnownStoryByteForByte()
    {
        string model = GoldenData.Require("models/stories260K/stories260K-f32.gguf");
        string expected = File.ReadAllText(GoldenData.Require("models/stories260K/greedy200.txt"));
        using var local = LocalModel.Open(model, new LocalModelOptions { Engine = new EngineOptions { KvType = DType.F32, ContextTokens = 512 } });
        var ids = new List<int>();
        local.Tokenizer.Encode("", new EncodeOptions(AddSpecial: true, ParseSpecial: false), ids);
        Assert.Equal([1], ids);
        var request = new GenerationRequest { Prompt = local.Engine.Prepare([new PromptSegment.Tokens(ids.ToArray())]), MaxTokens = 200 };
        local.Engine.TrySubmit(request, out var generation);
        var text = new StringBuilder();
        await foreach (var e in generation!.ReadTextAsync(local.Tokenizer, [], cancellation: TestContext.Current.CancellationToken))
            text.Append(e.Text);
        Assert.Equal(expected.TrimEnd('\n'), text.ToString().TrimEnd('\n'));
    }
}

using Sluice.Local;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Tests.Local;

public sealed class LocalBestOfTests
{
    /// <summary>
    /// The prompt is likelier than either answer, so that a mean over both would favour the short answer, of which it is the larger part.
    /// </summary>
    [Fact]
    public async Task Choose_EchoedPrompt_CountsOnlyTheAnswers()
    {
        CompletionEvent[] answers =
        [
            new(0, "prompt", Logprobs: Tokens(null, -0.1f, -0.1f, -0.1f)), new(0, "short", "stop", Logprobs: Tokens(-2)),
            new(1, "prompt", Logprobs: Tokens(null, -0.1f, -0.1f, -0.1f)), new(1, "long", "stop", Logprobs: Tokens(-1, -1, -1, -1, -1, -1)),
        ];
        var view = new CompletionRequest { Model = "any", Echo = true, Logprobs = 0, BestOf = 2 };
        var chosen = await LocalBestOf.ChooseAsync(view, 2, answers.ToAsyncEnumerable(), TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["prompt", "long"], chosen.Select(e => e.Text));
    }

    private static TokenLogprob[] Tokens(params float?[] logprobs) =>
        [.. logprobs.Select(value => new TokenLogprob("t", default, value, []))];
}

using Sluice.Engine.Requests;
using Sluice.Local;

namespace Sluice.Golden;

/// <summary>The most likely tokens, one after the other, from a model's engine.</summary>
internal static class GreedyRun
{
    /// <summary>Up to <paramref name="count"/> tokens after a prompt, or up to and with the first of <paramref name="stopTokens"/>.</summary>
    public static async Task<int[]> GenerateAsync(LocalModel local, int[] prompt, int count, IReadOnlySet<int>? stopTokens = null)
    {
        var request = new GenerationRequest
        {
            Prompt = local.Engine.Prepare([new PromptSegment.Tokens(prompt)]), MaxTokens = count, StopTokens = stopTokens ?? new HashSet<int>(),
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

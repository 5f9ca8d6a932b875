using System.Runtime.CompilerServices;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Local;

/// <summary>
/// Of several answers to each prompt gives the likeliest: those with the highest mean log-probability per token, as OpenAI defines it.
/// </summary>
internal static class LocalBestOf
{
    /// <param name="answers">All of them, with log-probabilities; each prompt's lie side by side.</param>
    /// <param name="bestOf">How many each prompt has.</param>
    public static async IAsyncEnumerable<CompletionEvent> ChooseAsync(
        CompletionRequest view, int bestOf, IAsyncEnumerable<CompletionEvent> answers,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var all = new SortedDictionary<int, List<CompletionEvent>>();
        await foreach (var e in answers.WithCancellation(cancellation).ConfigureAwait(false))
        {
            if (!all.TryGetValue(e.Choice, out var events))
                all[e.Choice] = events = [];
            events.Add(e);
        }
        Usage? usage = all.Values.SelectMany(events => events).Select(e => e.Usage).LastOrDefault(u => u is not null);
        int echoed = view.Echo ? 1 : 0; // each answer begins with an event that repeats the prompt
        int choice = 0;
        foreach (var ofOnePrompt in all.Values.Chunk(bestOf))
        {
            foreach (var events in ofOnePrompt.OrderByDescending(e => MeanLogprob(e.Skip(echoed))).Take(view.Choices))
            {
                foreach (var e in events)
                {
                    bool last = e.FinishReason is not null && choice + 1 == view.TotalChoices;
                    var logprobs = view.Logprobs is null ? null : e.Logprobs;
                    yield return e with { Choice = choice, Usage = last ? usage : null, Logprobs = logprobs };
                }
                choice++;
            }
        }
    }

    private static double MeanLogprob(IEnumerable<CompletionEvent> events) => events
        .SelectMany(e => e.Logprobs ?? []).Select(token => (double)(token.Logprob ?? 0)).DefaultIfEmpty(double.NegativeInfinity).Average();
}

using System.Text;
using Sluice.Core.Errors;
using Sluice.Engine.Requests;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Local;

/// <summary>How likely tokens were, in the words of the source contract.</summary>
internal sealed class LocalLogprobs(LocalModel model)
{
    // An answer holds them all, and each may name twenty others.
    private const int MostPromptTokens = 16_384;
    private const int MostListed = 336;

    /// <summary>Refuses what would make an answer of hundreds of megabytes, and what the prompt's pass cannot follow.</summary>
    /// <exception cref="InvalidRequestException">It asks for too many log-probabilities, or for those of a prompt under a
    /// window.</exception>
    public static void Check(CompletionRequest view, IReadOnlyList<LocalPrompt> prompts)
    {
        if (view.Logprobs is not { } best)
            return;
        int choices = Math.Max(view.Choices, view.BestOf ?? 0) * prompts.Count; // made, whether given or not
        if ((best + 1) * choices > MostListed)
        {
            throw new InvalidRequestException(
                $"{best} log-probabilities a token for {choices} choices are too many; ask for fewer of either.",
                "logprobs", "invalid_value");
        }
        long tokens = prompts.Sum(prompt => (long)prompt.Prompt.Length);
        if (view.Echo && tokens > MostPromptTokens)
        {
            throw new InvalidRequestException(
                $"'echo' with 'logprobs' takes prompts of at most {MostPromptTokens} tokens together; these have {tokens}.",
                "echo", "invalid_value");
        }
        if (view.Echo && prompts.Any(prompt => !prompt.Prompt.Retention.KeepsAll))
        {
            throw new InvalidRequestException(
                "'echo' with 'logprobs' looks at the whole prompt and cannot keep to 'kv_window' and 'kv_sinks': " +
                "send 'kv_window': 0, or leave one of them out.",
                "kv_window", "invalid_value");
        }
    }

    /// <summary>Null where there are none.</summary>
    public IReadOnlyList<TokenLogprob>? Of(IReadOnlyList<TokenScores>? scores) => scores is null ? null : [.. scores.Select(Of)];

    /// <summary>Those of a prompt's tokens; nothing comes before the first, so that it has none.</summary>
    public async Task<IReadOnlyList<TokenLogprob>> OfPromptAsync(LocalPrompt prompt, int best, CancellationToken cancellation)
    {
        try
        {
            var scores = await model.ScorePromptAsync(prompt.Prompt, best, cancellation).ConfigureAwait(false);
            return [Of(new TokenScore(prompt.Prompt.FirstToken, 0)) with { Logprob = null }, .. scores.Select(Of)];
        }
        catch (ObjectDisposedException gone)
        {
            throw new SourceException(SourceFailure.Unavailable, $"'{model.Name}' is shutting down", inner: gone);
        }
        catch (SluiceException fault)
        {
            throw new SourceException(
                SourceFailure.Failed, $"the prompt's log-probabilities could not be computed: {fault.Message}", inner: fault);
        }
    }

    private TokenLogprob Of(TokenScores scores) => Of(scores.Token) with { Best = [.. scores.Best.Select(Of)] };

    private TokenLogprob Of(TokenScore score)
    {
        // A vocabulary may be padded: such ids spell nothing.
        byte[] bytes = score.Token < model.Tokenizer.VocabularySize ? model.Tokenizer.Bytes(score.Token).ToArray() : [];
        return new TokenLogprob(Encoding.UTF8.GetString(bytes), bytes, score.Logprob, []);
    }
}

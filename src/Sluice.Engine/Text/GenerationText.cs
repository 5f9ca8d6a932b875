using System.Runtime.CompilerServices;
using Sluice.Engine.Requests;
using Sluice.Models.Tokenizers;

namespace Sluice.Engine.Text;

/// <summary>Reads a generation as text, on the reader's thread: detokenises, and ends it where a stop string is met.</summary>
public static class GenerationText
{
    /// <summary>
    /// One event per token or more rarely, the last with a finish. Leaving the enumeration or cancelling aborts the generation.
    /// </summary>
    /// <param name="showSpecial">Whether special tokens appear in the text; the token that ends the answer only then.</param>
    /// <param name="marks">Special tokens that appear even so, because the text is read by them.</param>
    public static async IAsyncEnumerable<TextEvent> ReadTextAsync(
        this Generation generation, ITokenizer tokenizer, IReadOnlyList<string> stopStrings, bool showSpecial = false,
        IReadOnlySet<int>? marks = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var _ = generation; // aborts on every way out; after the finish that is nothing
        await using var registration = cancellation.UnsafeRegister(static g => ((Generation)g!).Abort(), generation);
        bool continuing = Array.Exists(generation.Request.Prompt.Ids, id => id == Prompt.EmbeddedPosition || !tokenizer.IsSpecial(id));
        var detokenizer = tokenizer.CreateDetokenizer(showSpecial || marks is not null, continuing);
        var stops = new StopStrings(stopStrings);
        int tokens = 0;
        var scores = new HeldScores();
        await foreach (var e in generation.ReadAllAsync(cancellation).ConfigureAwait(false))
        {
            if (e.Finish is { } finish)
            {
                string rest = stops.Append(detokenizer.Flush(), out bool ended);
                string text = ended ? rest : rest + stops.Flush();
                yield return new TextEvent(text, tokens, ended ? FinishReason.Stop : finish, e.Fault, scores.Take()) { StopString = stops.Met };
                yield break;
            }
            tokens++;
            bool ends = !showSpecial && generation.Request.StopTokens.Contains(e.Token); // whether its vocabulary calls it special or not
            bool hidden = ends || (!showSpecial && marks?.Contains(e.Token) == false && tokenizer.IsSpecial(e.Token));
            string piece = hidden ? "" : detokenizer.Append(e.Token);
            if (e.Scores is not null && !ends)
                scores.Add(e.Scores, piece.Length);
            string certain = stops.Append(piece, out bool stopped);
            if (stopped)
            {
                yield return new TextEvent(certain, tokens, FinishReason.Stop, Scores: scores.Take(certain.Length)) { StopString = stops.Met };
                yield break;
            }
            if (certain.Length == 0)
                continue;
            yield return new TextEvent(certain, tokens, Scores: scores.Take());
        }
    }
}

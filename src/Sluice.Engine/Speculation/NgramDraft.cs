using Sluice.Engine.Scheduling;

namespace Sluice.Engine.Speculation;

/// <summary>
/// Prompt lookup (Saxena 2023): where the last few tokens occurred before, in the text the client predicts or in the sequence itself, what
/// followed them there may follow again. The longest match counts, of equally long ones the last. Finding it is a pass over the tokens,
/// vectorised by the runtime: microseconds beside a step.
/// </summary>
internal sealed class NgramDraft : IDraft
{
    /// <summary>Fewer tokens in common say too little, more hardly anything further.</summary>
    private const int Shortest = 2, Longest = 5;

    public double TokenMs => 0;

    public int Lag(Sequence sequence) => 0;

    public void Propose(IReadOnlyList<Sequence> sequences)
    {
        for (int i = 0; i < sequences.Count; i++)
        {
            var sequence = sequences[i];
            if (!TryPredicted(sequence))
                Repeat(sequence);
        }
    }

    public void Dispose() { }

    /// <summary>Goes on in the predicted text, where the answer's end occurs in it.</summary>
    private static bool TryPredicted(Sequence sequence)
    {
        var prediction = sequence.Request.Prediction.Span;
        var answer = sequence.Tokens[sequence.PromptLength..];
        if (prediction.IsEmpty)
            return false;
        int next = answer.Length <= Longest && prediction.StartsWith(answer) ? answer.Length : EndOfMatch(prediction, answer);
        if (next < 0 || next == prediction.Length)
            return false;
        for (int i = next; i < prediction.Length && sequence.Drafted < sequence.Proposals.Wanted; i++)
            sequence.Guess(prediction[i]);
        return true;
    }

    /// <summary>Goes on as after the last place that ends like the sequence.</summary>
    private static void Repeat(Sequence sequence)
    {
        int next = EndOfMatch(sequence.Tokens[..^1], sequence.Tokens);
        if (next < 0)
            return;
        // The source may run into what is being proposed: so a short repetition goes on for as long as is wanted.
        for (; sequence.Drafted < sequence.Proposals.Wanted; next++)
        {
            int token = sequence.TokensAndDraft[next];
            if (token < 0) // a position whose embedding was given
                return;
            sequence.Guess(token);
        }
    }

    /// <summary>Where the place ends in <paramref name="text"/> that has most in common with the last tokens; -1 for none.</summary>
    private static int EndOfMatch(ReadOnlySpan<int> text, ReadOnlySpan<int> tokens)
    {
        for (int n = Math.Min(Longest, tokens.Length); n >= Shortest; n--)
        {
            int at = text.LastIndexOf(tokens[^n..]);
            if (at >= 0)
                return at + n;
        }
        return -1;
    }
}

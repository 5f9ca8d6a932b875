using Sluice.Engine.Requests;

namespace Sluice.Engine.Sampling;

/// <summary>Log-probabilities of one row of logits: read before a draw changes the row, asked for after it. For one thread.</summary>
internal sealed class LogprobReader(int vocabulary)
{
    private readonly float[] _logits = new float[vocabulary];
    private TokenScore[] _best = [];
    private double _logTotal;

    /// <param name="candidates">The row as the model gave it; it has to begin anew afterwards. One that is not finite
    /// gives nothing.</param>
    /// <param name="best">How many of the most likely tokens to name.</param>
    public void Read(Candidates candidates, int best)
    {
        candidates.Row.CopyTo(_logits);
        if (!candidates.TryBegin())
            return;
        _logTotal = candidates.Max + Math.Log(candidates.Weigh());
        _best = [];
        if (best == 0)
            return;
        candidates.KeepBest(best);
        _best = [.. Enumerable.Range(0, candidates.Count)
            .Select(i => ScoreOf(candidates.IdAt(i))).Where(score => float.IsFinite(score.Logprob))];
        Array.Sort(_best, static (a, b) => a.Logprob != b.Logprob ? b.Logprob.CompareTo(a.Logprob) : a.Token.CompareTo(b.Token));
    }

    /// <summary>What was read, for the token that followed.</summary>
    public TokenScores Of(int token) => new(ScoreOf(token), _best);

    private TokenScore ScoreOf(int token) => new(token, (float)(_logits[token] - _logTotal));
}

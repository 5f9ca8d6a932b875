using Sluice.Engine.Scheduling;

namespace Sluice.Engine.Speculation;

/// <summary>
/// Asks for proposals before each step, as many as promise the most tokens for the step's time, and learns from what became of them. So
/// drafts grow where they are right, and shrink to nothing where they are wrong or where many sequences fill the step. Then one token is
/// tried now and then, for at most <see cref="TrialShare"/> of the time. For the engine's thread.
/// </summary>
internal sealed class Speculator : IDisposable
{
    /// <summary>What trying again may cost, of all time.</summary>
    private const double TrialShare = 0.02;

    /// <summary>What is believed of proposals before the first.</summary>
    private const double FirstChance = 0.6;

    /// <summary>Tokens that a draft model catches up with cost less than those it proposes, since they are computed together.</summary>
    private const double LagShare = 0.25;

    private readonly IDraft? _draft;
    private readonly NgramDraft _predictions = new();
    private readonly StepCosts _costs;
    private readonly int _tokens;
    private readonly int _rows;
    private readonly DraftRecord _usual = new(remembered: 0.98);
    private readonly List<Sequence> _asked = [];
    private readonly List<Sequence> _predicted = [];
    private bool _failed;

    /// <param name="draft">Proposes for every request; null proposes only for those that bring a prediction. Owned from now on.</param>
    /// <param name="costs">Kept by who measures steps.</param>
    public Speculator(EngineOptions options, IDraft? draft, StepCosts costs)
    {
        _draft = draft;
        _costs = costs;
        _tokens = options.DraftTokens;
        _rows = options.DraftRows;
    }

    public DraftLoad Load { get; private set; }

    /// <summary>Gives the sequences that only wait for their next token their drafts for the step to come; takes old ones back.</summary>
    public void Propose(IReadOnlyList<Sequence> running)
    {
        int decoding = 0;
        for (int i = 0; i < running.Count; i++)
        {
            running[i].ClearDraft();
            decoding += running[i].Decodes ? 1 : 0;
        }
        if (decoding == 0)
            return;
        _asked.Clear();
        _predicted.Clear();
        for (int i = 0; i < running.Count; i++)
        {
            var sequence = running[i];
            if (!sequence.Decodes || DraftFor(sequence) is not { } draft)
                continue;
            int most = Math.Min(Math.Min(_tokens, _rows / decoding), sequence.DraftRoom);
            sequence.Proposals.Wanted = most < 1 ? 0 : Worth(sequence, draft, decoding, most);
            if (sequence.Proposals.Wanted > 0)
                (draft == _draft ? _asked : _predicted).Add(sequence);
        }
        if (_asked.Count > 0)
            Ask();
        if (_predicted.Count > 0)
            _predictions.Propose(_predicted);
    }

    /// <summary>Learns what became of a decode's draft.</summary>
    /// <param name="proposed">Tokens of it that were computed.</param>
    public void Learn(Sequence sequence, int proposed, int accepted)
    {
        if (proposed == 0)
            return;
        sequence.Proposals.Learn(proposed, accepted);
        sequence.Readers.CountDraft(proposed, accepted);
        _usual.Learn(proposed, accepted);
        Load = Load with { Proposed = Load.Proposed + proposed, Accepted = Load.Accepted + accepted };
    }

    public void Dispose() => _draft?.Dispose();

    private IDraft? DraftFor(Sequence sequence) =>
        // A refused token would have been counted among those that choose what is kept.
        sequence.Labels is not null || sequence.Attention is not null ? null : !sequence.Request.Prediction.IsEmpty ? _predictions : _failed ? null : _draft;

    /// <summary>A fault of the draft model costs speed, not answers.</summary>
    private void Ask()
    {
        try
        {
            _draft!.Propose(_asked);
        }
        catch (Exception)
        {
            _failed = true;
            Load = Load with { Failed = true };
            foreach (var sequence in _asked)
                sequence.ClearDraft();
        }
    }

    /// <summary>How many tokens to propose for the most tokens per time; none, or one on trial, where none is worth it.</summary>
    /// <param name="most">As many as there may be; at least one.</param>
    private int Worth(Sequence sequence, IDraft draft, int decoding, int most)
    {
        double draftMs = _costs.Known ? draft.TokenMs : 0, stepMs = _costs.MsOf(decoding);
        double rate = sequence.Proposals.Chance(_usual.Chance(FirstChance)), chance = 1, tokens = decoding;
        double best = tokens / stepMs;
        int worth = 0;
        for (int count = 1; count <= most; count++)
        {
            chance *= rate;
            tokens += chance;
            double speed = tokens / (_costs.MsOf(decoding + count) + count * draftMs);
            if (speed > best)
                (best, worth) = (speed, count);
        }
        sequence.Proposals.SpentMs += stepMs / decoding;
        sequence.Proposals.Credit += TrialShare * stepMs / decoding;
        double lagMs = draftMs * LagShare * draft.Lag(sequence);
        if (worth > 0)
            return lagMs <= sequence.Proposals.SpentMs ? worth : 0; // a short answer is over before catching up has paid
        double trial = Math.Max(0, _costs.MsOf(decoding + 1) - stepMs) + draftMs + lagMs;
        if (sequence.Proposals.Credit < trial)
            return 0;
        sequence.Proposals.Credit -= trial;
        return 1;
    }
}

using Sluice.Engine.Scheduling;

namespace Sluice.Engine.Speculation;

/// <summary>
/// Asks for proposals before each step, as many as are worth their rows, and learns from what became of them. A proposal is worth it where
/// its chance is above what its row costs, measured against the tokens that the step brings for its time anyway; so drafts grow where they
/// are right, and shrink to nothing where they are wrong or where many sequences fill the step. Then one token is tried now and then, for
/// at most <see cref="TrialShare"/> of the time. For the engine's thread.
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
            sequence.Proposals.Wanted = Math.Min(most, Worth(sequence, draft, decoding));
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
        sequence.Labels is not null ? null : !sequence.Request.Prediction.IsEmpty ? _predictions : _failed ? null : _draft;

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

    /// <summary>How many tokens more to propose until one more would lower the tokens per time.</summary>
    private int Worth(Sequence sequence, IDraft draft, int decoding)
    {
        double row = _costs.RowShare, price = row + (_costs.OneRowMs > 0 ? draft.TokenMs / _costs.OneRowMs : 0);
        double rate = sequence.Proposals.Chance(_usual.Chance(FirstChance));
        double chance = rate, tokens = decoding, time = 1 + row * (decoding - 1);
        sequence.Proposals.Credit += TrialShare * time / tokens;
        int worth = 0;
        for (; worth < _tokens && chance * time > price * tokens; worth++)
        {
            tokens += chance;
            time += price;
            chance *= rate;
        }
        if (worth > 0)
            return worth;
        double trial = price + LagShare * (price - row) * draft.Lag(sequence);
        if (sequence.Proposals.Credit < trial)
            return 0;
        sequence.Proposals.Credit -= trial;
        return 1;
    }
}

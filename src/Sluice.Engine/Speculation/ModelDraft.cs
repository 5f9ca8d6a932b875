using Sluice.Core.Backend;
using Sluice.Core.Steps;
using Sluice.Engine.Kv;
using Sluice.Engine.Running;
using Sluice.Engine.Sampling;
using Sluice.Engine.Scheduling;
using Sluice.Models.Architectures;

namespace Sluice.Engine.Speculation;

/// <summary>
/// A smaller model of the same vocabulary that writes ahead, its likeliest token each time, for all sequences together (Leviathan et al.
/// 2023; Chen et al. 2023). It has KV blocks of its own. A prompt is followed in pieces, so that no step waits long for it.
/// </summary>
internal sealed class ModelDraft : IDraft, IStepControl
{
    /// <summary>Most tokens to catch up with before a step, over all sequences.</summary>
    private const int CatchUpRows = 128;

    private readonly ModelRunner _runner;
    private readonly StepBatch _batch;
    private readonly BlockPool[] _pools;
    private readonly Candidates _logits;
    private readonly TimeProvider _time;
    private readonly int _vocabulary;
    private readonly int _context;
    private readonly int _blockTokens;
    private readonly int _draftTokens;
    private readonly Dictionary<Sequence, FollowedSequence> _followed = [];
    private readonly List<(Sequence Sequence, FollowedSequence Followed)> _writing = []; // in the batch, in the order of its outputs
    private readonly Predicate<(Sequence, FollowedSequence)> _rests;

    /// <param name="model">Borrowed, like its backend and device.</param>
    /// <param name="vocabulary">Of the model that is drafted for.</param>
    /// <param name="kvTokens">Positions that all sequences together can have stored.</param>
    /// <exception cref="Core.Errors.SluiceException">There is no memory for its KV.</exception>
    public ModelDraft(
        ILanguageModel model, IBackend backend, IComputeDevice device, EngineOptions options, int vocabulary, long kvTokens,
        TimeProvider time)
    {
        _time = time;
        _rests = Rests;
        _vocabulary = Math.Min(vocabulary, model.Config.Vocabulary);
        _context = Math.Min(options.ContextTokens, model.Config.ContextLength);
        _blockTokens = options.BlockTokens;
        _draftTokens = options.DraftTokens;
        _logits = new Candidates(model.Config.Vocabulary);
        var groups = model.KvGroups.Select(g => g.Spec(options.KvType, options.BlockTokens)).ToArray();
        int perSequence = BlocksOf(_context);
        var blocks = new int[groups.Length];
        Array.Fill(blocks, (int)Math.Min((kvTokens + _blockTokens - 1) / _blockTokens, (long)perSequence * options.MaxSequences));
        var stride = new int[groups.Length];
        Array.Fill(stride, perSequence);
        int rows = Math.Max(CatchUpRows, options.MaxSequences);
        _pools = [.. blocks.Select(count => new BlockPool(count))];
        _batch = new StepBatch(rows, options.MaxSequences, stride);
        _runner = new ModelRunner(model, device, backend, groups, blocks, rows, options.MaxSequences);
    }

    public double TokenMs { get; private set; }

    /// <summary>Its steps are short, so nobody waits long for their end.</summary>
    public bool Abandoned => false;

    public int Lag(Sequence sequence) => sequence.Length - (_followed.TryGetValue(sequence, out var followed) ? followed.Computed : 0);

    public void Propose(IReadOnlyList<Sequence> sequences)
    {
        LeaveEnded();
        _batch.Clear();
        _writing.Clear();
        for (int i = 0; i < sequences.Count; i++)
            CatchUp(sequences[i]);
        while (_batch.Rows > 0)
        {
            Run();
            for (int i = 0; i < _writing.Count; i++)
                Guess(_writing[i], row: i);
            _batch.Clear();
            _writing.RemoveAll(_rests);
        }
    }

    public void Dispose() => _runner.Dispose();

    private void LeaveEnded()
    {
        foreach (var (sequence, followed) in _followed)
        {
            if (sequence.Running)
                continue;
            followed.Free(_pools);
            _followed.Remove(sequence);
        }
    }

    /// <summary>Adds the tokens to the batch that a sequence has beyond what is followed, as far as there is room in it.</summary>
    private void CatchUp(Sequence sequence)
    {
        if (sequence.Length + sequence.Proposals.Wanted > _context || sequence.Request.Prompt.Embedded.Count > 0)
            return;
        if (!_followed.TryGetValue(sequence, out var followed))
            _followed[sequence] = followed = new FollowedSequence(_pools.Length, BlocksOf(_context), _draftTokens);
        followed.Settle(sequence);
        int lag = sequence.Length - followed.Computed, tokens = Math.Min(lag, _batch.MaxRows - _batch.Rows);
        if (tokens == 0 || !TryAdd(followed, sequence.Tokens.Slice(followed.Computed, tokens)) || tokens < lag)
            return;
        _batch.AddOutputRow(_batch.Rows - 1);
        _writing.Add((sequence, followed));
    }

    private bool TryAdd(FollowedSequence followed, ReadOnlySpan<int> tokens)
    {
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)_vocabulary)
                return false;
        }
        if (!followed.TryGrow(BlocksOf(followed.Computed + tokens.Length), _pools))
            return false;
        tokens.CopyTo(_batch.AddSequence(tokens.Length, followed.Computed, out int index));
        for (int g = 0; g < _pools.Length; g++)
            followed.Blocks[g].Span.CopyTo(_batch.WritableBlockTable(g, index));
        followed.Computed += tokens.Length;
        return true;
    }

    private void Run()
    {
        long began = _time.GetTimestamp();
        _runner.Run(_batch, this);
        // Catching up says little about what one more token costs.
        if (_writing.Count == 0 || _batch.Rows > 2 * _writing.Count)
            return;
        double ms = _time.GetElapsedTime(began).TotalMilliseconds / _writing.Count;
        TokenMs = TokenMs == 0 ? ms : StepCosts.Follow(TokenMs, ms);
    }

    private void Guess((Sequence Sequence, FollowedSequence Followed) writing, int row)
    {
        _runner.ReadLogits(row, _logits.Row);
        if (!_logits.TryBegin() || _logits.Best() is var token && token >= _vocabulary)
            return;
        writing.Sequence.Guess(token);
        writing.Followed.Note(token);
    }

    /// <summary>Whether nothing more is proposed for a sequence in this step; otherwise its last guess joins the batch.</summary>
    private bool Rests((Sequence Sequence, FollowedSequence Followed) writing)
    {
        var (sequence, followed) = writing;
        bool guessed = sequence.Length + sequence.Drafted > followed.Computed;
        if (!guessed || sequence.Drafted >= sequence.Proposals.Wanted || !TryAdd(followed, sequence.Draft[^1..]))
            return true;
        _batch.AddOutputRow(_batch.Rows - 1);
        return false;
    }

    private int BlocksOf(int tokens) => (tokens + _blockTokens - 1) / _blockTokens;
}

using System.Diagnostics.CodeAnalysis;

namespace Sluice.Engine.Scheduling;

/// <summary>
/// Sequences that wait, by tenant's share, priority and arrival. Bounded for new ones. Submitters add and aborters remove from any thread,
/// at once, whatever the engine is computing; the scheduler takes. It also counts what runs, since a tenant's share is of both.
/// </summary>
internal sealed class RequestQueue(int capacity)
{
    private readonly Lock _gate = new();
    private readonly FairShares _shares = new();
    private int _count;
    private long _tokens;
    private long _step;
    private bool _closed;
    private DateTimeOffset _nextDeadline = DateTimeOffset.MaxValue; // no deadline of those that wait is earlier

    public int Count
    {
        get { lock (_gate) return _count; }
    }

    /// <summary>Prompt tokens of all that wait.</summary>
    public long Tokens
    {
        get { lock (_gate) return _tokens; }
    }

    /// <summary>Begins a step: waiting is counted in steps.</summary>
    public void NextStep()
    {
        lock (_gate) _step++;
    }

    /// <summary>Takes no new sequences from now on: who ends those that wait ends all there will be.</summary>
    public void Close()
    {
        lock (_gate) _closed = true;
    }

    /// <summary>Adds a new sequence; false where the queue is full or closed.</summary>
    public bool TryAdd(Sequence sequence)
    {
        lock (_gate)
        {
            if (_closed || _count >= capacity)
                return false;
            sequence.Arrive(_step, _shares.Enter(sequence.Request.Tenant ?? ""));
            Add(sequence);
            return true;
        }
    }

    /// <summary>Puts back a sequence that had been taken before: it has its place, full or not.</summary>
    public void PutBack(Sequence sequence)
    {
        lock (_gate) Add(sequence);
    }

    /// <summary>The sequence whose turn it is.</summary>
    public bool TryPeek(out Sequence sequence)
    {
        lock (_gate)
        {
            sequence = _shares.First(_step)!;
            return sequence is not null;
        }
    }

    /// <summary>
    /// Takes this sequence out to run it; false where somebody else took it before. <see cref="Leave"/> follows when it ends.
    /// </summary>
    public bool TryTake(Sequence sequence)
    {
        lock (_gate)
        {
            if (sequence.Share is not { } share || !share.Waiting.Remove(sequence))
                return false;
            _count--;
            _tokens -= sequence.PromptLength;
            return true;
        }
    }

    /// <summary>Takes this sequence out for good; false where somebody else took it before.</summary>
    public bool TryRemove(Sequence sequence)
    {
        lock (_gate)
        {
            if (!TryTake(sequence))
                return false;
            _shares.Leave(sequence.Share!);
            return true;
        }
    }

    /// <summary>Takes out for good a sequence that waits beyond its deadline; false where there is none.</summary>
    public bool TryRemoveExpired(DateTimeOffset now, [NotNullWhen(true)] out Sequence? sequence)
    {
        lock (_gate)
        {
            sequence = null;
            if (now >= _nextDeadline && (sequence = _shares.FirstExpired(now, out var next)) is null)
                _nextDeadline = next;
            return sequence is not null && TryRemove(sequence);
        }
    }

    /// <summary>Counts one more sequence that runs without having waited; <see cref="Leave"/> follows when it ends.</summary>
    public void Join(Sequence sequence)
    {
        lock (_gate) _shares.Enter(sequence.Request.Tenant ?? "");
    }

    /// <summary>Says that a sequence that was taken has ended.</summary>
    public void Leave(Sequence sequence)
    {
        lock (_gate) _shares.Leave(sequence.Share!);
    }

    /// <summary>Counts work for a sequence to its tenant.</summary>
    /// <param name="tokens">Weighted.</param>
    public void Charge(Sequence sequence, int tokens)
    {
        lock (_gate) sequence.Share!.Served += tokens;
    }

    private void Add(Sequence sequence)
    {
        sequence.Share!.Waiting.Add(sequence);
        if (sequence.Request.Deadline < _nextDeadline)
            _nextDeadline = sequence.Request.Deadline.Value;
        _count++;
        _tokens += sequence.PromptLength;
    }
}

namespace Sluice.Engine.Scheduling;

/// <summary>
/// Sequences that wait: by priority, then in the order they came. Bounded for new ones. Submitters add and aborters remove from any thread,
/// at once, whatever the engine is computing; the scheduler takes.
/// </summary>
internal sealed class RequestQueue(int capacity)
{
    private readonly Lock _gate = new();
    private readonly SortedSet<Sequence> _waiting = new(Order.Instance);
    private long _tokens;

    public int Count
    {
        get { lock (_gate) return _waiting.Count; }
    }

    /// <summary>Prompt tokens of all that wait.</summary>
    public long Tokens
    {
        get { lock (_gate) return _tokens; }
    }

    /// <summary>Adds a new sequence; false where the queue is full.</summary>
    public bool TryAdd(Sequence sequence)
    {
        lock (_gate)
        {
            if (_waiting.Count >= capacity)
                return false;
            Add(sequence);
            return true;
        }
    }

    /// <summary>Puts back a sequence that had been admitted before: it has its place, full or not.</summary>
    public void PutBack(Sequence sequence)
    {
        lock (_gate) Add(sequence);
    }

    public bool TryPeek(out Sequence sequence)
    {
        lock (_gate)
        {
            sequence = _waiting.Min!;
            return sequence is not null;
        }
    }

    /// <summary>Takes this sequence out; false where somebody else did before.</summary>
    public bool TryRemove(Sequence sequence)
    {
        lock (_gate)
        {
            if (!_waiting.Remove(sequence))
                return false;
            _tokens -= sequence.PromptLength;
            return true;
        }
    }

    private void Add(Sequence sequence)
    {
        _waiting.Add(sequence);
        _tokens += sequence.PromptLength;
    }

    private sealed class Order : IComparer<Sequence>
    {
        public static readonly Order Instance = new();

        public int Compare(Sequence? x, Sequence? y)
        {
            int byPriority = y!.Request.Priority.CompareTo(x!.Request.Priority);
            return byPriority != 0 ? byPriority : x.Number.CompareTo(y.Number);
        }
    }
}

namespace Sluice.Engine.Requests;

/// <summary>
/// Those who read one computation: identical requests that came while it waited or ran. It lives as long as one of
/// them wants it. From any thread.
/// </summary>
/// <param name="onEnd">Called once, when it has ended for all of them.</param>
internal sealed class Readers(Generation first, Action? onEnd = null)
{
    private readonly Lock _gate = new();
    private readonly List<Generation> _readers = [first];
    private int _given;
    private int _cachedTokens;
    private int _proposed;
    private int _accepted;
    private bool _ended;

    /// <summary>Whether all of them have left.</summary>
    public bool Gone
    {
        get { lock (_gate) return _readers.TrueForAll(static reader => reader.IsAborted); }
    }

    /// <summary>Gives a newcomer what the others had so far, and from then on the same; false where it is too late for that.</summary>
    /// <param name="answer">The answer's tokens; those that nobody has been given may be about to be written.</param>
    public bool TryJoin(Generation reader, ReadOnlySpan<int> answer)
    {
        lock (_gate)
        {
            if (_ended || Gone)
                return false;
            foreach (int token in answer[.._given])
                reader.Emit(token, null);
            reader.CachedTokens = _cachedTokens;
            reader.ProposedTokens = _proposed;
            reader.AcceptedTokens = _accepted;
            _readers.Add(reader);
            return true;
        }
    }

    /// <summary>Ends it for one who has aborted, if others remain; false for the last, whose computation ends with it.</summary>
    public bool TryLeave(Generation reader)
    {
        lock (_gate)
        {
            if (_ended || _readers.Count == 1 || !_readers.Remove(reader))
                return false;
        }
        reader.Finish(FinishReason.Aborted);
        return true;
    }

    /// <summary>Tells them how many prompt tokens came from the cache.</summary>
    public void Begin(int cachedTokens)
    {
        lock (_gate)
        {
            _cachedTokens = cachedTokens;
            foreach (var reader in _readers)
                reader.CachedTokens = cachedTokens;
        }
    }

    /// <summary>Counts tokens of a draft.</summary>
    public void CountDraft(int proposed, int accepted)
    {
        lock (_gate)
        {
            _proposed += proposed;
            _accepted += accepted;
            foreach (var reader in _readers)
            {
                reader.ProposedTokens = _proposed;
                reader.AcceptedTokens = _accepted;
            }
        }
    }

    /// <param name="scores">For a reader who is alone: who joins is given tokens only.</param>
    public void Emit(int token, TokenScores? scores)
    {
        lock (_gate)
        {
            _given++;
            foreach (var reader in _readers)
                reader.Emit(token, scores);
        }
    }

    public void Finish(FinishReason reason, Exception? fault = null, float[]? embedding = null)
    {
        lock (_gate)
        {
            if (_ended)
                return;
            _ended = true;
            foreach (var reader in _readers)
                reader.Finish(reason, fault, embedding);
        }
        onEnd?.Invoke();
    }
}

using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Admission;

/// <summary>
/// A request that was let in. Disposing it gives back its place and settles its tokens: by the answer's usage where there is one; else a whole
/// answer costs what was estimated, and a part of one the prompt and the pieces that were seen. A request that failed before it was answered
/// costs nothing; one that its client left pays for its prompt.
/// </summary>
public sealed class Admission : IDisposable
{
    private readonly RateGate _key;
    private readonly RateGate _all;
    private readonly PlaceQueue? _places;
    private readonly int _prompt;
    private readonly int _estimated;
    private readonly TimeProvider _time;
    private readonly CancellationToken _leaving;
    private long _begun;
    private long? _told;
    private long _pieces;
    private TimeSpan? _first;
    private bool _inside;
    private bool _whole;
    private int _left;

    internal Admission(
        (RateGate Key, RateGate All, PlaceQueue? Places) gates, int prompt, int estimated, TimeProvider time, CancellationToken leaving)
    {
        (_key, _all, _places) = gates;
        (_prompt, _estimated, _time, _leaving) = (prompt, estimated, time, leaving);
    }

    /// <summary>The first event of a stream came: how long that takes is what the number of places follows.</summary>
    public void ObserveFirst() => _first ??= _time.GetElapsedTime(_begun);

    /// <summary>A piece of the answer came, about a token.</summary>
    public void ObservePiece() => _pieces++;

    public void ObserveUsage(Usage usage) => _told = usage.TotalTokens > 0 ? usage.TotalTokens : null;

    /// <summary>The whole answer came.</summary>
    public void Complete() => _whole = true;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) != 0)
            return;
        if (_inside)
            _places?.Leave(_first);
        long used = Used();
        _key.Leave(_estimated, used);
        _all.Leave(_estimated, used);
    }

    internal void Begin() => (_inside, _begun) = (true, _time.GetTimestamp());

    private long Used()
    {
        if (!_inside)
            return 0;
        if (_told is { } told)
            return told;
        return _whole ? _estimated : _pieces > 0 || _leaving.IsCancellationRequested ? _prompt + _pieces : 0;
    }
}

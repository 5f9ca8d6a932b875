using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Admission;

/// <summary>A request that was let in. Disposing it gives back its place and settles its tokens; what was not used is given back.</summary>
public sealed class Admission : IDisposable
{
    private readonly RateGate _key;
    private readonly RateGate _all;
    private readonly PlaceQueue? _places;
    private readonly int _estimated;
    private readonly TimeProvider _time;
    private long _begun;
    private long _used;
    private TimeSpan? _first;
    private bool _inside;
    private int _left;

    internal Admission(RateGate key, RateGate all, PlaceQueue? places, int estimated, TimeProvider time) =>
        (_key, _all, _places, _estimated, _time) = (key, all, places, estimated, time);

    /// <summary>The first event of the answer came: how long that takes is what the number of places follows.</summary>
    public void ObserveFirst() => _first ??= _time.GetElapsedTime(_begun);

    public void ObserveUsage(Usage usage) => _used = usage.TotalTokens;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) != 0)
            return;
        if (_inside)
            _places?.Leave(_first);
        _key.Leave(_estimated, _used);
        _all.Leave(_estimated, _used);
    }

    internal void Begin() => (_inside, _begun) = (true, _time.GetTimestamp());
}

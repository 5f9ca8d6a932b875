namespace Sluice.Gateway.Pools;

/// <summary>
/// How quick a source has been lately. A slower answer than usual counts at once, a quicker one slowly, and so does the silence of those
/// that have not answered yet: a source that hangs looks slow before it ever times out. Safe from any thread.
/// </summary>
internal sealed class LatencyTrack(TimeProvider time)
{
    private const double SettleSeconds = 10;

    // Without news an old impression fades, so that whoever was slow once is tried again.
    private const double FadeSeconds = 30;

    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private double _first;
    private double _token;
    private double _heard;
    private double _waitingSince; // sum over those that wait
    private int _waiting;

    public (double FirstTokenSeconds, double TokenSeconds) Read()
    {
        lock (_gate)
        {
            double now = Now(), fade = Math.Exp(-(now - _heard) / FadeSeconds);
            double silence = _waiting == 0 ? 0 : now - (_waitingSince / _waiting);
            return (Math.Max(_first * fade, silence), _token * fade);
        }
    }

    /// <summary>A request was sent; its wait ends with <see cref="EndWait"/>.</summary>
    /// <returns>The time, to be handed back.</returns>
    public double BeginWait()
    {
        lock (_gate)
        {
            double now = Now();
            _waiting++;
            _waitingSince += now;
            return now;
        }
    }

    /// <param name="since">What <see cref="BeginWait"/> returned.</param>
    /// <param name="answered">Whether the first event came; else the wait was given up.</param>
    /// <returns>Seconds that it took.</returns>
    public double EndWait(double since, bool answered)
    {
        lock (_gate)
        {
            double now = Now(), waited = now - since;
            _waitingSince = --_waiting == 0 ? 0 : _waitingSince - since;
            if (answered || waited > _first) // whoever was given up would have taken longer still
                _first = Settle(_first, waited, now);
            return waited;
        }
    }

    /// <param name="tokens">Tokens after the first.</param>
    public void ObserveTokens(double seconds, int tokens)
    {
        lock (_gate)
            _token = Settle(_token, seconds / tokens, Now());
    }

    private double Settle(double known, double seen, double now)
    {
        double keep = seen > known ? 0 : Math.Exp(-Math.Max(now - _heard, 0.1) / SettleSeconds);
        _heard = now;
        return (known * keep) + (seen * (1 - keep));
    }

    private double Now() => time.GetElapsedTime(_start).TotalSeconds;
}

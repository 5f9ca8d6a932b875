using Sluice.Gateway.Configuration;

namespace Sluice.Gateway.Admission;

/// <summary>The limits of one key, model, source or of the whole server. Lock-free; what is not limited costs nothing.</summary>
internal sealed class RateGate
{
    // Those who find all places taken know no end of it: they come back after a short while.
    private static readonly TimeSpan PlacePause = TimeSpan.FromSeconds(1);

    private readonly TokenBucket? _perSecond;
    private readonly TokenBucket? _perMinute;
    private readonly TokenBucket? _tokens;
    private readonly int _places;
    private int _taken;

    /// <param name="countPlaces">False where somebody else counts requests at one time.</param>
    public RateGate(RateConfig limits, TimeProvider time, bool countPlaces = true)
    {
        Limits = limits;
        _perSecond = limits.RequestsPerSecond is { } second ? new TokenBucket(second, Math.Max(1, second), time) : null;
        _perMinute = limits.RequestsPerMinute is { } minute ? new TokenBucket(minute / 60, Math.Max(1, minute), time) : null;
        _tokens = limits.TokensPerMinute is { } tokens ? new TokenBucket(tokens / 60, tokens, time) : null;
        _places = countPlaces ? limits.Concurrency ?? int.MaxValue : int.MaxValue;
    }

    public RateConfig Limits { get; }

    /// <summary>Requests inside now.</summary>
    public int Taken => Volatile.Read(ref _taken);

    public bool HasPlace => Taken < _places;

    /// <summary>Lets a request of so many tokens in, or says when to come back; each that is in has to leave.</summary>
    public bool TryEnter(int tokens, out TimeSpan retryAfter)
    {
        if (Interlocked.Increment(ref _taken) > _places)
        {
            retryAfter = PlacePause;
            Interlocked.Decrement(ref _taken);
            return false;
        }
        if (TryTake(_perSecond, 1, out retryAfter))
        {
            if (TryTake(_perMinute, 1, out retryAfter))
            {
                if (TryTake(_tokens, tokens, out retryAfter))
                    return true;
                _perMinute?.Correct(-1);
            }
            _perSecond?.Correct(-1);
        }
        Interlocked.Decrement(ref _taken);
        return false;
    }

    /// <param name="estimated">Tokens as they were taken on entering.</param>
    /// <param name="used">Tokens as they turned out.</param>
    public void Leave(int estimated, long used)
    {
        Interlocked.Decrement(ref _taken);
        _tokens?.Correct(used - estimated);
    }

    private static bool TryTake(TokenBucket? bucket, double amount, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        return bucket is null || bucket.TryTake(amount, out retryAfter);
    }
}

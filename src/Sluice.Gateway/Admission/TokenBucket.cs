namespace Sluice.Gateway.Admission;

/// <summary>
/// A rate with a burst, as one number: the moment at which all that was taken so far will be paid for. Taking moves it on, unless it would
/// lie further ahead than the burst allows. Lock-free.
/// </summary>
/// <param name="perSecond">Sustained rate.</param>
/// <param name="burst">How much may be taken at once by who took nothing before.</param>
internal sealed class TokenBucket(double perSecond, double burst, TimeProvider time)
{
    private readonly double _ticksEach = TimeSpan.TicksPerSecond / perSecond;
    private readonly double _burstTicks = burst * (TimeSpan.TicksPerSecond / perSecond);
    private readonly long _start = time.GetTimestamp();
    private long _paidAt; // ticks since the start

    /// <summary>
    /// Takes <paramref name="amount"/>, or says when there will be as much. What is more than the whole burst is let through once nothing
    /// is owed, and is then paid for: else it would never be.
    /// </summary>
    public bool TryTake(double amount, out TimeSpan retryAfter)
    {
        long cost = (long)Math.Min(amount * _ticksEach, long.MaxValue / 4), now = Now();
        while (true)
        {
            long seen = Volatile.Read(ref _paidAt), owed = Math.Max(0, seen - now);
            if (owed > 0 && owed + cost > _burstTicks)
            {
                retryAfter = TimeSpan.FromTicks((long)Math.Min(owed, owed + cost - _burstTicks));
                return false;
            }
            if (Interlocked.CompareExchange(ref _paidAt, now + owed + cost, seen) == seen)
            {
                retryAfter = TimeSpan.Zero;
                return true;
            }
        }
    }

    /// <summary>Settles what was taken by an estimate: gives back what was too much, charges what was too little.</summary>
    public void Correct(double difference) => Interlocked.Add(ref _paidAt, (long)(difference * _ticksEach));

    private long Now() => time.GetElapsedTime(_start).Ticks;
}

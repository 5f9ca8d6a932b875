namespace Sluice.Pipe.Reports;

/// <summary>When an input of known length will be done, by how fast it went of late. For one thread at a time.</summary>
public sealed class Eta(long totalBytes, TimeProvider time)
{
    // A resumed run passes over what it knows in no time, and sources slow down: what was long ago tells nothing.
    private static readonly TimeSpan OfLate = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    private readonly Queue<(long At, double Bytes)> _seen = new([(time.GetTimestamp(), 0)]);

    public long TotalBytes { get; } = totalBytes;

    /// <summary>Time that is left; null where nothing was done of late.</summary>
    /// <param name="tally">Of the run so far.</param>
    public TimeSpan? Observe(Tally tally)
    {
        // What was read ahead is done only when it has ended.
        double done = tally.BytesRead * ((double)tally.Ended / Math.Max(1, tally.Read));
        long now = time.GetTimestamp();
        _seen.Enqueue((now, done));
        while (_seen.Count > 2 && time.GetElapsedTime(_seen.Peek().At, now) > OfLate)
            _seen.Dequeue();
        var (since, before) = _seen.Peek();
        double rate = (done - before) / Math.Max(1e-3, time.GetElapsedTime(since, now).TotalSeconds);
        double left = Math.Max(0, TotalBytes - done) / rate;
        return rate > 0 && left < Longest.TotalSeconds ? TimeSpan.FromSeconds(left) : null;
    }
}

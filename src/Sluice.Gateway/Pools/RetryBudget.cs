namespace Sluice.Gateway.Pools;

/// <summary>
/// Retries as a share of requests: each request puts a share of a retry in, each retry takes one out. When everything fails at once the
/// budget runs dry, and failures are passed on instead of multiplied. Lock-free.
/// </summary>
internal sealed class RetryBudget(double share)
{
    private const int Whole = 1000;

    // What a quiet pool has to begin with, and the most that quiet hours save up.
    private const int Reserve = 10 * Whole;

    private int _left = share > 0 ? Reserve : 0;

    public void Deposit() => Add((int)(share * Whole));

    public bool TrySpend()
    {
        int seen = Volatile.Read(ref _left);
        while (seen >= Whole)
        {
            int before = Interlocked.CompareExchange(ref _left, seen - Whole, seen);
            if (before == seen)
                return true;
            seen = before;
        }
        return false;
    }

    /// <summary>What was spent was not needed.</summary>
    public void GiveBack() => Add(Whole);

    private void Add(int amount)
    {
        int seen = Volatile.Read(ref _left), before;
        while ((before = Interlocked.CompareExchange(ref _left, Math.Min(seen + amount, Reserve), seen)) != seen)
            seen = before;
    }
}

namespace Sluice.Engine.Scheduling;

/// <summary>
/// Who is next among tenants: the one that was served least, counted in weighted tokens, as in the Virtual Token Counter of Sheng et al.
/// 2024 ("Fairness in Serving Large Language Models"). A tenant that comes or comes back starts level with the least served of those
/// present, or where nobody is with the one that left last, so nobody saves up a claim by staying away or by being new. Guarded by the
/// queue that owns it.
/// </summary>
internal sealed class FairShares
{
    /// <summary>What a generated token weighs beside one of a prompt.</summary>
    public const int GeneratedWeight = 2;

    /// <summary>Tenants remembered; beyond it those that are away are forgotten, and start level when they come back.</summary>
    private const int MaxTenants = 1024;

    private readonly Dictionary<string, TenantShare> _shares = [];
    private readonly List<TenantShare> _present = [];
    private long _floor; // what a tenant starts with while nobody is present

    /// <summary>Tenants present or not forgotten yet.</summary>
    public int Remembered => _shares.Count;

    /// <summary>Counts one more sequence of a tenant.</summary>
    public TenantShare Enter(string tenant)
    {
        if (!_shares.TryGetValue(tenant, out var share))
        {
            ForgetAbsent();
            _shares.Add(tenant, share = new TenantShare(tenant));
        }
        if (share.InEngine++ == 0)
        {
            share.Served = Math.Max(share.Served, LeastServed());
            _present.Add(share);
        }
        return share;
    }

    /// <summary>Counts one sequence less.</summary>
    public void Leave(TenantShare share)
    {
        if (--share.InEngine > 0)
            return;
        _present.Remove(share);
        if (_present.Count == 0)
            _floor = Math.Max(_floor, share.Served);
    }

    /// <summary>
    /// The sequence whose turn it is: of the highest priority that waits, of the tenant served least, the earliest. Waiting raises a
    /// priority up to the highest that others brought, not beyond, or whoever sends most would be ahead of a tenant that sends little.
    /// </summary>
    /// <param name="step">Number of this step.</param>
    public Sequence? First(long step)
    {
        long highest = long.MinValue;
        foreach (var share in _present)
        {
            if (share.Waiting.Min is { } head)
                highest = Math.Max(highest, head.Priority);
        }
        Sequence? first = null;
        long level = 0;
        foreach (var share in _present)
        {
            if (share.Waiting.Min is not { } head)
                continue;
            long aged = Math.Min(highest, head.Turn.AgedPriority(step));
            if (first is null || aged > level || aged == level && IsBefore(head, first))
                (first, level) = (head, aged);
        }
        return first;
    }

    /// <summary>A sequence that waits beyond its deadline, if there is one; otherwise the next deadline of those that wait.</summary>
    public Sequence? FirstExpired(DateTimeOffset now, out DateTimeOffset next)
    {
        next = DateTimeOffset.MaxValue;
        foreach (var share in _present)
        {
            foreach (var sequence in share.Waiting)
            {
                if (sequence.IsExpired(now))
                    return sequence;
                if (sequence.Request.Deadline < next)
                    next = sequence.Request.Deadline.Value;
            }
        }
        return null;
    }

    private static bool IsBefore(Sequence x, Sequence y) =>
        x.Share!.Served != y.Share!.Served ? x.Share.Served < y.Share.Served : x.Turn.CompareTo(y.Turn) < 0;

    private long LeastServed()
    {
        long least = long.MaxValue;
        foreach (var share in _present)
            least = Math.Min(least, share.Served);
        return _present.Count == 0 ? _floor : least;
    }

    private void ForgetAbsent()
    {
        if (_shares.Count < MaxTenants)
            return;
        foreach (var share in _shares.Values.Where(s => s.InEngine == 0).ToList())
            _shares.Remove(share.Tenant);
    }
}

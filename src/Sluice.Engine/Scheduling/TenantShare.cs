namespace Sluice.Engine.Scheduling;

/// <summary>What one tenant has in the engine and has had from it. Guarded by the queue that owns it.</summary>
internal sealed class TenantShare(string tenant)
{
    public string Tenant { get; } = tenant;

    /// <summary>Its sequences that wait, in the order of their turns.</summary>
    public SortedSet<Sequence> Waiting { get; } = new(ByTurn.Instance);

    /// <summary>Its sequences that wait or run.</summary>
    public int InEngine { get; set; }

    /// <summary>Tokens computed for it, weighted, since it had to share with others.</summary>
    public long Served { get; set; }

    private sealed class ByTurn : IComparer<Sequence>
    {
        public static readonly ByTurn Instance = new();

        public int Compare(Sequence? x, Sequence? y) => x!.Turn.CompareTo(y!.Turn);
    }
}

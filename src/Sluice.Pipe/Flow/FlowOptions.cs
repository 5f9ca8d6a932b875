namespace Sluice.Pipe.Flow;

/// <summary>How a run goes about its records.</summary>
public sealed record FlowOptions
{
    public const int DefaultConcurrency = 8;
    public const int MaxConcurrency = 4096;
    public const int MaxRecordsPerCall = 256;

    /// <summary>Calls in flight, 1 to <see cref="MaxConcurrency"/>; where it adapts, those it begins with.</summary>
    public int Concurrency { get; init; } = DefaultConcurrency;

    /// <summary>Whether the source's latency says how many.</summary>
    public bool Adaptive { get; init; }

    /// <summary>
    /// Records that one call is about, 1 to <see cref="MaxRecordsPerCall"/>; the last calls of an input may be about fewer.
    /// </summary>
    public int RecordsPerCall { get; init; } = 1;

    /// <summary>Whether answers are written as they come.</summary>
    public bool Unordered { get; init; }

    /// <summary>Whether the same question is asked once only.</summary>
    public bool Share { get; init; }

    public HaltRule? Halt { get; init; }

    /// <summary>Most USD; null for no end.</summary>
    public double? MaxCost { get; init; }

    /// <summary>Most time; null for no end.</summary>
    public TimeSpan? Deadline { get; init; }
}

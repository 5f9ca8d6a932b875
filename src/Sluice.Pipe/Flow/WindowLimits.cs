namespace Sluice.Pipe.Flow;

/// <summary>How much may have ended without being written, because an earlier record has not.</summary>
internal sealed record WindowLimits
{
    /// <summary>Records between the oldest that has not ended and the newest that has begun; a power of two.</summary>
    public int Records { get; init; } = 1 << 19;

    /// <summary>Bytes of memory for what they add to the output; what goes beyond is on disk.</summary>
    public long MemoryBytes { get; init; } = 16L << 20;

    /// <summary>Bytes of disk; no further record begins where there are more.</summary>
    public long DiskBytes { get; init; } = 4L << 30;

    /// <summary>Records that may wait for a reader who is slow, when none waits for an earlier one.</summary>
    public int Backlog { get; init; } = 1024;

    /// <summary>Where the disk is.</summary>
    public string Folder { get; init; } = Path.GetTempPath();
}

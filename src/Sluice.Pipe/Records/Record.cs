namespace Sluice.Pipe.Records;

/// <summary>One piece of the input. Immutable.</summary>
public sealed record Record
{
    /// <summary>From 1, in input order; with lines the line's number.</summary>
    public required long Number { get; init; }

    /// <summary>Where it begins in the input, in bytes.</summary>
    public required long Offset { get; init; }

    /// <summary>Its bytes as they came, without what ends it.</summary>
    public required ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>Its bytes as text; of a file its content.</summary>
    public required string Text { get; init; }

    /// <summary>Its parts, by name or number; null where it could not be taken apart (see <see cref="Problem"/>).</summary>
    public IRecordFields? Fields { get; init; }

    /// <summary>Why it cannot be asked about; null where it can.</summary>
    public string? Problem { get; init; }

    /// <summary>Nothing but white space: answered by nothing, without a call.</summary>
    public bool IsBlank => Problem is null && string.IsNullOrWhiteSpace(Text);
}

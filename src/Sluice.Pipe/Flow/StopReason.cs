namespace Sluice.Pipe.Flow;

/// <summary>Why a run ended.</summary>
public enum StopReason
{
    /// <summary>The input did.</summary>
    InputEnded,

    /// <summary>The user wanted it.</summary>
    Interrupted,

    /// <summary>Nobody reads the output any more.</summary>
    ReaderGone,

    /// <summary>Too many records failed.</summary>
    Failures,

    /// <summary>It has cost as much as it may.</summary>
    Budget,

    /// <summary>Its time was up.</summary>
    Deadline,
}

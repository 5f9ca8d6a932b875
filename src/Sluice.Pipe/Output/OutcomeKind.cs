namespace Sluice.Pipe.Output;

/// <summary>How a record ended.</summary>
public enum OutcomeKind
{
    Answered,

    /// <summary>Nothing but white space: nothing was asked.</summary>
    Blank,

    Failed,
}

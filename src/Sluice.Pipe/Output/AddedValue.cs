namespace Sluice.Pipe.Output;

public enum AddedValue
{
    Answer,

    /// <summary>How likely the label is.</summary>
    Probability,

    /// <summary>ok, failed, blank, empty or truncated.</summary>
    Status,
}

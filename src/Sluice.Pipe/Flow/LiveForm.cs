namespace Sluice.Pipe.Flow;

/// <summary>How answers are shown while they are being written.</summary>
public enum LiveForm
{
    /// <summary>As events, each piece of any record one; they come as the pieces do.</summary>
    Events,

    /// <summary>As the line that they will be: that of the record whose turn it is.</summary>
    Line,
}

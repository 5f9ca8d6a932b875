namespace Sluice.Pipe.Output;

public enum FailAction
{
    /// <summary>An empty answer, so that line n out still belongs to record n in.</summary>
    Blank,

    /// <summary>Nothing.</summary>
    Drop,

    /// <summary>The record itself.</summary>
    Pass,

    /// <summary>A given text.</summary>
    Mark,

    /// <summary>As <see cref="Blank"/>, and the run stops.</summary>
    Stop,
}

namespace Sluice.Engine.Requests;

/// <summary>Why a generation ended. Each ends with exactly one.</summary>
public enum FinishReason
{
    /// <summary>The model said so, or a stop string was met.</summary>
    Stop,

    /// <summary>The token limit or the end of the context.</summary>
    Length,

    /// <summary>An embedding is complete.</summary>
    Embedded,

    /// <summary>All labels have their scores.</summary>
    Scored,

    /// <summary>The reader went away or asked for it.</summary>
    Aborted,

    /// <summary>Its deadline passed while it waited or ran.</summary>
    Expired,

    /// <summary>The computation failed; the event has the fault.</summary>
    Failed,

    /// <summary>Its adapter was taken away.</summary>
    Unloaded,

    /// <summary>The engine shut down.</summary>
    Shutdown,
}

namespace Sluice.Engine.Requests;

/// <summary>What became of a submission.</summary>
public enum SubmitOutcome
{
    Accepted,

    /// <summary>Too many requests wait already; come back later.</summary>
    QueueFull,

    /// <summary>The prompt is empty, does not fit the context, or would need more KV blocks than there are.</summary>
    DoesNotFit,

    /// <summary>Its adapter was taken away since the prompt was prepared.</summary>
    AdapterGone,

    ShuttingDown,
}

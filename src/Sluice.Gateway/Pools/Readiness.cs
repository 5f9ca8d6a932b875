namespace Sluice.Gateway.Pools;

/// <summary>How far a replica that can be started is from answering, nearest first.</summary>
internal enum Readiness
{
    Running,
    Starting,

    /// <summary>It runs and will be stopped once nothing of it does, unless it is needed again.</summary>
    Draining,
    Stopped,

    /// <summary>It was told to end and has not yet.</summary>
    Stopping,

    /// <summary>It failed, and waits before it is started anew.</summary>
    Resting,
}

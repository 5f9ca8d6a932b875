namespace Sluice.Gateway.Pools;

/// <summary>Whether a member of a pool gets requests.</summary>
public enum BreakerState
{
    Closed,

    /// <summary>One request is finding out whether it is well again.</summary>
    HalfOpen,
    Open,
}

namespace Sluice.Gateway.Pools;

/// <summary>
/// The source of a replica that need not be running: the router takes those of a source that are nearest to it, so that a request starts
/// one only where none runs.
/// </summary>
internal interface IStartable
{
    Readiness Readiness { get; }

    /// <summary>Whether it failed lately and is not started before a while has passed; then how long that still is.</summary>
    bool IsResting(out TimeSpan left);
}

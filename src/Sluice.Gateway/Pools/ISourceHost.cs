using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>
/// One configured source: the engines or the connections behind its models. Made when a configuration first names it, kept over reloads
/// that leave it as it is, disposed once no snapshot uses it and nothing of it runs.
/// </summary>
public interface ISourceHost : IAsyncDisposable
{
    /// <summary>
    /// What answers for one of its models, by the name that pools use: one source for each replica. Called when a snapshot is built; the
    /// same name gives the same sources.
    /// </summary>
    IReadOnlyList<ICompletionSource> Open(string model);

    /// <summary>Whether it is well, asked now; throws or answers false where it is not. Called by the active health check.</summary>
    Task<bool> ProbeAsync(CancellationToken cancellation);
}

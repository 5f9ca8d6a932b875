using System.Diagnostics.CodeAnalysis;
using Sluice.Protocol.Sources;

namespace Sluice.Local.Lifecycle;

/// <summary>A prepared request that keeps its model loaded.</summary>
internal sealed class LeasedPrepared : Prepared
{
    private readonly ModelLease _lease;

    [SetsRequiredMembers]
    public LeasedPrepared(ModelLease lease, Prepared inner) : base(inner.Request, inner.Context)
    {
        _lease = lease;
        Inner = inner;
        PromptTokens = inner.PromptTokens;
        PrefixBlocks = inner.PrefixBlocks;
        CachedTokens = inner.CachedTokens;
        QueuedTokens = inner.QueuedTokens;
        ExpectedWait = inner.ExpectedWait;
    }

    public Prepared Inner { get; }

    public LocalSource Source => _lease.Source;

    public override void Dispose()
    {
        Inner.Dispose();
        _lease.Dispose();
    }
}

using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Sources;

/// <summary>A request as it will go out. It reserves nothing.</summary>
internal sealed class RemotePrepared(Request request, RequestContext context) : Prepared(request, context)
{
    /// <summary>How the bytes are relayed; null where <see cref="Translated"/> goes out in their place.</summary>
    public RelayRoute? Route { get; init; }

    /// <summary>The body in the source's own language; empty where the client's goes out.</summary>
    public ReadOnlyMemory<byte> Translated { get; init; }

    public override void Dispose() { }
}

using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Sources;

/// <summary>Something that answers prompts. What it can do is told by the role interfaces it also implements.</summary>
public interface ISource
{
    SourceInfo Info { get; }

    SourceCapabilities Capabilities { get; }

    /// <summary>
    /// Finds out what can be known before the work starts (validates, tokenises where local). Runs on the caller's thread. The result is
    /// what routing, admission and the source itself read; nothing is tokenised twice. Dispose it to release what it reserved.
    /// </summary>
    /// <exception cref="InvalidRequestException">This source cannot answer such a request.</exception>
    ValueTask<Prepared> PrepareAsync(Request request, RequestContext context, CancellationToken cancellation);
}

using Sluice.Gateway.Configuration;

namespace Sluice.Gateway.Pools;

/// <summary>
/// Makes the host of a configured source. The composition root brings one: engines are not this room's business, remote kinds are.
/// </summary>
/// <exception cref="ConfigException">The source cannot be made as it is configured.</exception>
public delegate Task<ISourceHost> SourceHostFactory(SourceConfig source, CancellationToken cancellation);

using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Managed;
using Sluice.Gateway.Pools;
using Sluice.Gateway.Sources;

namespace Sluice.Cli.Pools;

/// <summary>
/// Makes what stands behind each configured source: engines on this process's device, servers that it starts, or connections.
/// </summary>
/// <param name="tell">Takes a line about a server that failed.</param>
internal sealed class SourceHosts(string file, IComputeDevice device, TimeProvider time, Random random, Action<string> tell)
{
    public Task<ISourceHost> MakeAsync(SourceConfig source, CancellationToken cancellation) =>
        Task.Run<ISourceHost>(() => source.Kind == SourceKind.Engine ? OpenEngine(source) : Connect(source), cancellation);

    private ISourceHost Connect(SourceConfig source)
    {
        try
        {
            return source.Managed is null ? new RemoteHost(source, time) : new ManagedHost(source, time, tell);
        }
        catch (ArgumentException fault)
        {
            throw new ConfigException(file, source.Line, fault.Message, fault);
        }
    }

    private EngineHost OpenEngine(SourceConfig source)
    {
        try
        {
            return EngineHost.Open(source, device, time, random);
        }
        catch (SluiceException fault)
        {
            throw new ConfigException(file, source.Line, $"the source '{source.Name}' cannot be opened: {fault.Message}", fault);
        }
    }
}

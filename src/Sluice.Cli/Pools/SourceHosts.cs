using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Pools;
using Sluice.Gateway.Sources;

namespace Sluice.Cli.Pools;

/// <summary>Makes what stands behind each configured source: engines on this process's device, or connections.</summary>
internal sealed class SourceHosts(string file, IComputeDevice device, TimeProvider time, Random random)
{
    public Task<ISourceHost> MakeAsync(SourceConfig source, CancellationToken cancellation) =>
        Task.Run<ISourceHost>(() => source.Kind == SourceKind.Engine ? OpenEngine(source) : Connect(source), cancellation);

    private RemoteHost Connect(SourceConfig source)
    {
        try
        {
            return new RemoteHost(source, time);
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

using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Sources;

/// <summary>A source whose model takes LoRA adapters while it serves. Its <see cref="SourceInfo.Models"/> names them too.</summary>
public interface IAdapterHost : ISource
{
    IReadOnlyList<AdapterInfo> Adapters { get; }

    /// <exception cref="InvalidRequestException">The name is taken or no name, or the files are no adapter of this model.</exception>
    /// <exception cref="SourceException">The model is not there, or has no memory left for it.</exception>
    Task LoadAdapterAsync(AdapterInfo adapter, CancellationToken cancellation);

    /// <summary>
    /// Takes no more requests for an adapter, lets those that run end within <paramref name="drain"/>, ends the others, frees its memory.
    /// </summary>
    /// <exception cref="InvalidRequestException">404: there is none of that name.</exception>
    Task UnloadAdapterAsync(string name, TimeSpan drain, CancellationToken cancellation);
}

using System.Buffers;
using Sluice.Protocol.Requests;

namespace Sluice.Gateway.Sources;

/// <summary>The language of a source for requests that are translated: always asked for as a stream. Immutable.</summary>
internal interface IUpstreamWire
{
    /// <summary>Where requests for a model go, appended to the source's URL.</summary>
    string PathOf(string model);

    /// <summary>Writes the body of a request.</summary>
    /// <param name="model">The source's own name of the model.</param>
    /// <exception cref="InvalidRequestException">It asks for something that this language cannot say.</exception>
    void WriteRequest(CompletionRequest view, string model, IBufferWriter<byte> output);

    /// <summary>Reads one answer.</summary>
    IWireReader CreateReader(CompletionRequest view);
}

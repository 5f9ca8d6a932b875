using Sluice.Protocol.Dialects;

namespace Sluice.Protocol.Requests;

/// <summary>
/// A request for embeddings as it arrived, in OpenAI's dialect, the only one there is: what <see cref="Request"/> is for text.
/// </summary>
public sealed class EmbeddingRequest
{
    private EmbeddingView? _view;

    /// <exception cref="InvalidRequestException">The body is no JSON object, or its head is wrong.</exception>
    public EmbeddingRequest(ReadOnlyMemory<byte> body)
    {
        Body = body;
        Head = RequestHead.Parse(body);
    }

    public ReadOnlyMemory<byte> Body { get; }

    public RequestHead Head { get; }

    /// <exception cref="InvalidRequestException">The body is not a valid request, or asks for something that is not built.</exception>
    public EmbeddingView View => _view ??= OpenAiEmbeddings.Parse(Body);
}

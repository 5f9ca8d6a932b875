using System.Buffers;

namespace Sluice.Protocol.Requests;

/// <summary>A wire language: parses requests into the common view, frames events and errors into its own bytes. Immutable.</summary>
public interface IDialect
{
    /// <summary>Short name for logs and metrics, such as <c>openai.chat</c>.</summary>
    string Name { get; }

    /// <exception cref="InvalidRequestException">The body is not valid, or asks for something that is not built.</exception>
    CompletionRequest Parse(ReadOnlyMemory<byte> body);

    /// <summary>A framer for one answer.</summary>
    IFramer CreateFramer(CompletionRequest request, AnswerInfo answer);

    /// <summary>A framer for one answer whose events are raw: already in this dialect.</summary>
    IFramer CreateRelay();

    /// <summary>Writes the JSON body of an error that is answered with its own status.</summary>
    void WriteError(ApiError fault, IBufferWriter<byte> output);
}

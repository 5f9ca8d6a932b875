namespace Sluice.Protocol.Requests;

/// <summary>A wire language: parses requests into the common view, frames events into its own bytes.</summary>
public interface IDialect
{
    /// <summary>Short name for logs and metrics, such as <c>openai.chat</c>.</summary>
    string Name { get; }

    /// <exception cref="InvalidRequestException">The body is not valid.</exception>
    CompletionRequest Parse(ReadOnlyMemory<byte> body);

    /// <summary>A framer for one answer.</summary>
    IFramer CreateFramer(CompletionRequest request, AnswerInfo answer);
}

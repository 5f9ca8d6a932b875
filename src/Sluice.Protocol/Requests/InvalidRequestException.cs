namespace Sluice.Protocol.Requests;

/// <summary>The client's mistake: answered with 400 (or <see cref="Status"/>) in the shape of its dialect.</summary>
/// <param name="message">One sentence for the client: what is wrong and what is allowed.</param>
/// <param name="param">The field at fault, as the client spelled it.</param>
/// <param name="code">A machine-readable code, such as <c>context_length_exceeded</c>.</param>
/// <param name="status">HTTP status.</param>
public sealed class InvalidRequestException(string message, string? param = null, string? code = null, int status = 400)
    : Exception(message)
{
    public string? Param { get; } = param;

    public string? Code { get; } = code;

    public int Status { get; } = status;
}

namespace Sluice.Protocol.Requests;

/// <summary>
/// A request as it arrived: the raw bytes, the dialect they are written in, their head, and a parsed view made when somebody first looks.
/// A source that speaks the same dialect forwards the bytes and never looks; one that does not, or that computes the answer itself, refuses
/// by that look what it cannot honour.
/// </summary>
public sealed class Request
{
    private CompletionRequest? _view;

    /// <exception cref="InvalidRequestException">The body is no JSON object, or its head is wrong.</exception>
    public Request(ReadOnlyMemory<byte> body, IDialect dialect)
    {
        Body = body;
        Dialect = dialect;
        Head = RequestHead.Parse(body);
    }

    public ReadOnlyMemory<byte> Body { get; }

    public IDialect Dialect { get; }

    public RequestHead Head { get; }

    /// <exception cref="InvalidRequestException">The body is not a valid request of its dialect, or asks for something that is not built.
    /// </exception>
    public CompletionRequest View => _view ??= Dialect.Parse(Body);
}

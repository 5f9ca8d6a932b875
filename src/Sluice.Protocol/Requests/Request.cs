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

    /// <inheritdoc cref="Request(ReadOnlyMemory{byte}, IDialect)"/>
    public Request(RequestBuffer buffer, IDialect dialect)
        : this(buffer.Body, dialect)
    {
        Buffer = buffer;
    }

    /// <summary>The bytes as they came. Who reads them after the request may have ended holds its <see cref="Buffer"/>.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Where the body lies; null where the memory is nobody else's.</summary>
    public RequestBuffer? Buffer { get; }

    public IDialect Dialect { get; }

    public RequestHead Head { get; }

    /// <exception cref="InvalidRequestException">The body is not a valid request of its dialect, or asks for something that is not built.
    /// </exception>
    /// <exception cref="OperationCanceledException">The request has ended: whoever looks for the first time so late was left.</exception>
    public CompletionRequest View => _view ??= Parse();

    private CompletionRequest Parse()
    {
        if (Buffer?.TryHold() == false) // never released: what is parsed goes on to read from the bytes
            throw new OperationCanceledException("The request has ended.");
        return Dialect.Parse(Body);
    }
}

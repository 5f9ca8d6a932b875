namespace Sluice.Protocol.Requests;

/// <summary>
/// A request as it arrived: the raw bytes, the dialect they are written in, and a parsed view made when somebody first looks. A source
/// that speaks the same dialect forwards the bytes.
/// </summary>
public sealed class Request(ReadOnlyMemory<byte> body, IDialect dialect)
{
    private CompletionRequest? _view;

    public ReadOnlyMemory<byte> Body { get; } = body;

    public IDialect Dialect { get; } = dialect;

    /// <exception cref="InvalidRequestException">The body is not a valid request of its dialect.</exception>
    public CompletionRequest View => _view ??= Dialect.Parse(Body);
}

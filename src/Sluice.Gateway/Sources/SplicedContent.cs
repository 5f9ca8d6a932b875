using System.Net;
using Sluice.Protocol.Requests;

namespace Sluice.Gateway.Sources;

/// <summary>A JSON body sent as it is but for a few changes, without a copy of the whole.</summary>
internal sealed class SplicedContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _body;
    private readonly BodySplice[] _splices;
    private readonly long _length;
    private readonly RequestBuffer? _buffer;

    /// <param name="buffer">Where the body lies, where that is given back; it is held while it is sent.</param>
    /// <param name="splices">In any order; none overlaps another.</param>
    public SplicedContent(ReadOnlyMemory<byte> body, RequestBuffer? buffer = null, params BodySplice[] splices)
    {
        _body = body;
        _buffer = buffer;
        _splices = splices;
        Array.Sort(splices, static (a, b) => a.Start.CompareTo(b.Start));
        _length = body.Length + splices.Sum(splice => (long)splice.Text.Length - splice.Length);
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (_buffer?.TryHold() == false)
            throw new OperationCanceledException("The request has ended.");
        try
        {
            await SendAsync(stream, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _buffer?.Release();
        }
    }

    private async Task SendAsync(Stream stream, CancellationToken cancellationToken)
    {
        int at = 0;
        foreach (BodySplice splice in _splices)
        {
            await stream.WriteAsync(_body[at..splice.Start], cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync(splice.Text, cancellationToken).ConfigureAwait(false);
            at = splice.Start + splice.Length;
        }
        await stream.WriteAsync(_body[at..], cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }
}

using System.Buffers;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Sources;

/// <summary>
/// One exchange with a source, from the request to the last byte: its end when nobody waits for it any more, its faults in the words of the
/// source contract. How long it may take is for the caller to say. Disposing it closes what is still open.
/// </summary>
/// <param name="caller">Ends the exchange.</param>
internal sealed class UpstreamCall(Upstream upstream, CancellationToken caller) : IDisposable
{
    private const int FirstBodyBytes = 4096;
    private const int MostBodyBytes = 256 * 1024 * 1024;
    private const int MostErrorBytes = 16 * 1024;

    private HttpResponseMessage? _answer;
    private byte[]? _body;

    /// <summary>Sends the request and waits for the head of an answer that is worth reading.</summary>
    /// <exception cref="InvalidRequestException">The source says that the client's request is wrong.</exception>
    /// <exception cref="SourceException">There is no answer, or it is none of success, or not of the expected type.</exception>
    public async Task<Stream> OpenAsync(HttpRequestMessage request, string mediaType)
    {
        try
        {
            _answer = await upstream.Connections.SendAsync(request, caller).ConfigureAwait(false);
            Stream body = await _answer.Content.ReadAsStreamAsync(caller).ConfigureAwait(false);
            if (!_answer.IsSuccessStatusCode)
                throw UpstreamFaults.Of(upstream.Name, _answer, await ReadErrorAsync(body).ConfigureAwait(false), upstream.Time);
            return string.Equals(_answer.Content.Headers.ContentType?.MediaType, mediaType, StringComparison.OrdinalIgnoreCase)
                ? body
                : throw UpstreamFaults.WrongType(upstream.Name, _answer.Content.Headers, mediaType);
        }
        catch (Exception fault) when (IsOfTheWire(fault))
        {
            throw Explain(fault);
        }
    }

    /// <summary>The next frames; empty at the end.</summary>
    /// <exception cref="SourceException">The stream broke off.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(SseBuffer frames)
    {
        try
        {
            return await frames.ReadAsync(caller).ConfigureAwait(false);
        }
        catch (Exception fault) when (IsOfTheWire(fault))
        {
            throw Explain(fault);
        }
    }

    /// <summary>All of a body; valid until this is disposed.</summary>
    /// <exception cref="SourceException">It broke off or is larger than 256 MB.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadWholeAsync(Stream body)
    {
        // What a source announces is believed up to a point only: memory grows with what has arrived.
        long announced = _answer!.Content.Headers.ContentLength ?? 0;
        _body = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(announced + 1, FirstBodyBytes, 1 << 20));
        int filled = 0;
        try
        {
            while (await body.ReadAsync(_body.AsMemory(filled), caller).ConfigureAwait(false) is var read and > 0)
            {
                filled += read;
                if (filled == _body.Length)
                    Grow();
            }
            return _body.AsMemory(0, filled);
        }
        catch (Exception fault) when (IsOfTheWire(fault))
        {
            throw Explain(fault);
        }
    }

    public void Dispose()
    {
        _answer?.Dispose();
        if (_body is not null)
            ArrayPool<byte>.Shared.Return(_body);
        _body = null;
    }

    private void Grow()
    {
        if (_body!.Length >= MostBodyBytes)
            throw new SourceException(SourceFailure.Failed, $"Source '{upstream.Name}' sent an answer larger than {MostBodyBytes >> 20} MB.");
        byte[] larger = ArrayPool<byte>.Shared.Rent(_body.Length * 2);
        _body.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_body);
        _body = larger;
    }

    private async ValueTask<byte[]> ReadErrorAsync(Stream body)
    {
        var error = new byte[MostErrorBytes];
        return error[..await body.ReadAtLeastAsync(error, error.Length, throwOnEndOfStream: false, caller).ConfigureAwait(false)];
    }

    private static bool IsOfTheWire(Exception fault) =>
        fault is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException;

    private Exception Explain(Exception fault) => caller.IsCancellationRequested
        ? new OperationCanceledException("The request was left.", fault, caller)
        : UpstreamFaults.Of(upstream.Name, fault);
}

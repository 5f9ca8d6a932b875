using System.Buffers;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Sources;

/// <summary>
/// One exchange with a source, from the request to the last byte: its time limits, its end when the client leaves, its faults in the words of
/// the source contract. Disposing it closes what is still open.
/// </summary>
internal sealed class UpstreamCall : IDisposable
{
    private const int FirstBodyBytes = 4096;
    private const int MostBodyBytes = 256 * 1024 * 1024;
    private const int MostErrorBytes = 16 * 1024;

    private readonly Upstream _upstream;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _ended;
    private readonly CancellationTokenRegistration _left;
    private readonly long _started;
    private readonly TimeSpan _total;
    private HttpResponseMessage? _answer;
    private byte[]? _body;
    private bool _awaitsFirst;

    /// <param name="stream">Whether the first part of the answer has a time limit of its own.</param>
    public UpstreamCall(Upstream upstream, RequestContext context, bool stream, CancellationToken caller)
    {
        (_upstream, _caller, _awaitsFirst) = (upstream, caller, stream);
        _started = upstream.Time.GetTimestamp();
        _total = upstream.Timeouts.Total;
        if (context.Deadline is { } deadline && deadline - upstream.Time.GetUtcNow() is var left && left < _total)
            _total = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        TimeSpan first = upstream.Timeouts.FirstToken;
        _ended = new CancellationTokenSource(stream && first < _total ? first : _total, upstream.Time);
        _left = caller.UnsafeRegister(static ended => ((CancellationTokenSource)ended!).Cancel(), _ended);
    }

    /// <summary>Sends the request and waits for the head of an answer that is worth reading.</summary>
    /// <exception cref="InvalidRequestException">The source says that the client's request is wrong.</exception>
    /// <exception cref="SourceException">There is no answer, or it is none of success, or not of the expected type.</exception>
    public async Task<Stream> OpenAsync(HttpRequestMessage request, string mediaType)
    {
        try
        {
            _answer = await _upstream.Connections.SendAsync(request, _ended.Token).ConfigureAwait(false);
            Stream body = await _answer.Content.ReadAsStreamAsync(_ended.Token).ConfigureAwait(false);
            if (!_answer.IsSuccessStatusCode)
                throw UpstreamFaults.Of(_upstream.Name, _answer, await ReadErrorAsync(body).ConfigureAwait(false), _upstream.Time);
            return string.Equals(_answer.Content.Headers.ContentType?.MediaType, mediaType, StringComparison.OrdinalIgnoreCase)
                ? body
                : throw UpstreamFaults.WrongType(_upstream.Name, _answer.Content.Headers, mediaType);
        }
        catch (Exception fault) when (IsOfTheWire(fault))
        {
            throw Explain(fault);
        }
    }

    /// <summary>The next frames; empty at the end.</summary>
    /// <exception cref="SourceException">The stream broke off or took too long.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(SseBuffer frames)
    {
        try
        {
            return await frames.ReadAsync(_ended.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (IsOfTheWire(fault))
        {
            throw Explain(fault);
        }
    }

    /// <summary>Says that the answer has begun: from here only the whole of it has a limit.</summary>
    public void Answering()
    {
        if (!_awaitsFirst)
            return;
        _awaitsFirst = false;
        TimeSpan left = _total - _upstream.Time.GetElapsedTime(_started);
        _ended.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    /// <summary>All of a body; valid until this is disposed.</summary>
    /// <exception cref="SourceException">It broke off, took too long or is larger than 256 MB.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadWholeAsync(Stream body)
    {
        // What a source announces is believed up to a point only: memory grows with what has arrived.
        long announced = _answer!.Content.Headers.ContentLength ?? 0;
        _body = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(announced + 1, FirstBodyBytes, 1 << 20));
        int filled = 0;
        try
        {
            while (await body.ReadAsync(_body.AsMemory(filled), _ended.Token).ConfigureAwait(false) is var read and > 0)
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
        _left.Dispose();
        _answer?.Dispose();
        _ended.Dispose();
        if (_body is not null)
            ArrayPool<byte>.Shared.Return(_body);
        _body = null;
    }

    private void Grow()
    {
        if (_body!.Length >= MostBodyBytes)
            throw new SourceException(SourceFailure.Failed, $"Source '{_upstream.Name}' sent an answer larger than {MostBodyBytes >> 20} MB.");
        byte[] larger = ArrayPool<byte>.Shared.Rent(_body.Length * 2);
        _body.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_body);
        _body = larger;
    }

    private async ValueTask<byte[]> ReadErrorAsync(Stream body)
    {
        var error = new byte[MostErrorBytes];
        return error[..await body.ReadAtLeastAsync(error, error.Length, throwOnEndOfStream: false, _ended.Token).ConfigureAwait(false)];
    }

    private static bool IsOfTheWire(Exception fault) =>
        fault is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException;

    private Exception Explain(Exception fault)
    {
        if (_caller.IsCancellationRequested)
            return new OperationCanceledException("The request was left.", fault, _caller);
        if (!_ended.IsCancellationRequested)
            return UpstreamFaults.Of(_upstream.Name, fault);
        return _awaitsFirst && _upstream.Timeouts.FirstToken < _total
            ? new SourceException(
                SourceFailure.Unavailable, $"Source '{_upstream.Name}' gave no token within {_upstream.Timeouts.FirstToken.TotalSeconds:0.###} s.")
            : new SourceException(SourceFailure.Late, $"Source '{_upstream.Name}' did not complete its answer in time.");
    }
}

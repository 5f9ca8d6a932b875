using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Server.Answers;

/// <summary>
/// Sends an answer as server-sent events, flushed one by one. A flush waits for a slow reader, and so does whoever makes the events.
/// Nothing goes out before the first event, so that what fails until then still has a status of its own.
/// </summary>
internal sealed class SseWriter(HttpContext http, AnswerFraming framing)
{
    // Only the client's own leaving may cancel a flush: the server takes a cancelled flush for a broken connection and drops it.
    private readonly CancellationToken _aborted = http.RequestAborted;
    private readonly PipeWriter _output = http.Response.BodyWriter;

    private IFramer? _framer;

    [MemberNotNullWhen(true, nameof(_framer))]
    public bool Begun => _framer is not null;

    public ValueTask<FlushResult> WriteAsync(in CompletionEvent e)
    {
        if (!Begun)
            Begin(framing.For(e));
        _framer.WriteEvent(e, _output);
        return _output.FlushAsync(_aborted);
    }

    /// <summary>Ends a stream that has begun.</summary>
    public ValueTask<FlushResult> WriteEndAsync()
    {
        _framer!.WriteEnd(_output);
        return _output.FlushAsync(_aborted);
    }

    /// <summary>Breaks a stream that has begun.</summary>
    public ValueTask<FlushResult> WriteErrorAsync(ApiError fault)
    {
        _framer!.WriteStreamError(fault, _output);
        return _output.FlushAsync(_aborted);
    }

    [MemberNotNull(nameof(_framer))]
    private void Begin(IFramer framer)
    {
        _framer = framer;
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        // Asks nginx and its kin not to collect events.
        http.Response.Headers["X-Accel-Buffering"] = "no";
    }
}

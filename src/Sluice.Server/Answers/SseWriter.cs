using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Server.Answers;

/// <summary>
/// Sends an answer as server-sent events, flushed one by one. A flush waits for a slow reader, and so does whoever makes the events.
/// Nothing goes out before the first event, so that what fails until then still has a status of its own.
/// </summary>
internal sealed class SseWriter(HttpContext http, IFramer framer)
{
    // Only the client's own leaving may cancel a flush: the server takes a cancelled flush for a broken connection and drops it.
    private readonly CancellationToken _aborted = http.RequestAborted;
    private readonly PipeWriter _output = http.Response.BodyWriter;

    public bool Begun { get; private set; }

    public ValueTask<FlushResult> WriteAsync(in CompletionEvent e)
    {
        if (!Begun)
            Begin();
        framer.WriteEvent(e, _output);
        return _output.FlushAsync(_aborted);
    }

    public ValueTask<FlushResult> WriteEndAsync()
    {
        framer.WriteEnd(_output);
        return _output.FlushAsync(_aborted);
    }

    public ValueTask<FlushResult> WriteErrorAsync(ApiError fault)
    {
        framer.WriteStreamError(fault, _output);
        return _output.FlushAsync(_aborted);
    }

    private void Begin()
    {
        Begun = true;
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        // Asks nginx and its kin not to collect events.
        http.Response.Headers["X-Accel-Buffering"] = "no";
    }
}

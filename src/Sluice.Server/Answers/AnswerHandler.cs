using Microsoft.AspNetCore.Http;
using Sluice.Gateway.Admission;
using Sluice.Gateway.Routing;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using Sluice.Server.Errors;
using Sluice.Server.Telemetry;

namespace Sluice.Server.Answers;

/// <summary>
/// The way of every request for text, whatever its dialect: read, parse, find the source, prepare, answer by stream or in one body.
/// </summary>
internal sealed class AnswerHandler(Drain drain, FaultTeller faults, ServerMetrics metrics, TimeProvider time)
{
    public async Task AnswerAsync(HttpContext http, IDialect dialect)
    {
        long started = time.GetTimestamp();
        using RequestBuffer body = await RequestBody.RentAsync(http.Request);
        var request = new Request(body, dialect);
        RequestInfo info = RequestInfo.Of(http);
        ICompletionSource source = info.FindModel(request.Head.Model);

        // The source sees at once that the client left, whether it still queues the request or is in the middle of it.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, drain.Deadline);
        using Admission admission = await info.Serving.Door.AdmitAsync(
            info.Visitor!, TokenEstimate.OfPrompt(request.Body.Length), TokenEstimate.OfAnswer(request.Head), ended.Token);
        using Prepared prepared = await source.PrepareAsync(request, info.CreateContext(http), ended.Token);
        IAsyncEnumerable<CompletionEvent> events = source.CompleteAsync(prepared, ended.Token);
        var framing = new AnswerFraming(prepared, time);
        var progress = new AnswerProgress(request, metrics, admission, time, started);
        await (request.Head.Stream ? StreamAsync(http, events, framing, progress) : FoldAsync(http, events, framing, progress));
    }

    private async Task StreamAsync(HttpContext http, IAsyncEnumerable<CompletionEvent> events, AnswerFraming framing, AnswerProgress progress)
    {
        var stream = new SseWriter(http, framing);
        try
        {
            await foreach (CompletionEvent e in events)
            {
                progress.Observe(e);
                await stream.WriteAsync(e);
            }
            progress.RequireFinished();
            await stream.WriteEndAsync();
        }
        catch (Exception fault) when (stream.Begun && !http.RequestAborted.IsCancellationRequested)
        {
            await stream.WriteErrorAsync(faults.Tell(fault, RequestInfo.Of(http)));
        }
    }

    private static async Task FoldAsync(
        HttpContext http, IAsyncEnumerable<CompletionEvent> events, AnswerFraming framing, AnswerProgress progress)
    {
        IFramer? framer = null;
        await foreach (CompletionEvent e in events)
        {
            progress.Observe(e);
            framer = framing.For(e);
            framer.Fold(e);
        }
        progress.RequireFinished();
        await JsonReply.SendOkAsync(http, framer!.WriteFolded);
    }
}

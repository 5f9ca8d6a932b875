using Microsoft.AspNetCore.Http;
using Sluice.Gateway.Admission;
using Sluice.Gateway.Routing;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using Sluice.Server.Telemetry;

namespace Sluice.Server.Answers;

/// <summary>The way of a request for embeddings: read, parse, find the source, embed, answer in one body.</summary>
internal sealed class EmbeddingHandler(Drain drain, ServerMetrics metrics)
{
    public async Task AnswerAsync(HttpContext http)
    {
        var request = new EmbeddingRequest(await RequestBody.ReadAsync(http.Request));
        RequestInfo info = RequestInfo.Of(http);
        IEmbeddingSource source = info.FindEmbeddingModel(request.Head.Model);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, drain.Deadline);
        int tokens = TokenEstimate.OfPrompt(request.Body.Length);
        using Admission admission = await info.Serving.Door.AdmitAsync(info.Visitor!, tokens, answerTokens: 0, ended.Token);
        EmbeddingResult result = await source.EmbedAsync(request, info.CreateContext(http), ended.Token);
        admission.ObserveUsage(result.Usage);
        admission.Complete();
        metrics.CountTokens(request.Head.Model, result.Usage);
        await JsonReply.SendOkAsync(http, output => OpenAiEmbeddings.Write(request, result, output));
    }
}

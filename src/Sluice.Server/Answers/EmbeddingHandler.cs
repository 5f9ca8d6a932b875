using Microsoft.AspNetCore.Http;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using Sluice.Server.Telemetry;

namespace Sluice.Server.Answers;

/// <summary>The way of a request for embeddings: read, parse, find the source, embed, answer in one body.</summary>
internal sealed class EmbeddingHandler(ModelDirectory models, Drain drain, ServerMetrics metrics)
{
    public async Task AnswerAsync(HttpContext http)
    {
        var request = new EmbeddingRequest(await RequestBody.ReadAsync(http.Request));
        IEmbeddingSource source = models.FindEmbedding(request.Head.Model);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, drain.Deadline);
        EmbeddingResult result = await source.EmbedAsync(request, RequestInfo.Of(http).CreateContext(), ended.Token);
        metrics.CountTokens(request.Head.Model, result.Usage);
        await JsonReply.SendOkAsync(http, output => OpenAiEmbeddings.Write(request, result, output));
    }
}

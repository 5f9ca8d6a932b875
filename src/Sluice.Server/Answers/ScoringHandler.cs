using Microsoft.AspNetCore.Http;
using Sluice.Gateway.Admission;
using Sluice.Gateway.Routing;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using Sluice.Server.Telemetry;

namespace Sluice.Server.Answers;

/// <summary>The way of a request for the scores of labels: read, parse, find the source, score, answer in one body.</summary>
internal sealed class ScoringHandler(Drain drain, ServerMetrics metrics, TimeProvider time)
{
    public async Task AnswerAsync(HttpContext http)
    {
        ReadOnlyMemory<byte> body = await RequestBody.ReadAsync(http.Request);
        ScoringRequest request = OpenAiClassify.Parse(body);
        RequestInfo info = RequestInfo.Of(http);
        IScoringSource source = info.FindScoringModel(request.Model);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, drain.Deadline);
        int tokens = TokenEstimate.OfPrompt(body.Length);
        using Admission admission = await info.Serving.Door.AdmitAsync(info.Visitor!, tokens, answerTokens: 0, ended.Token);
        ScoringResult result = await source.ScoreAsync(request, info.CreateContext(http), ended.Token);
        admission.ObserveUsage(result.Usage);
        admission.Complete();
        metrics.CountTokens(request.Model, result.Usage);
        var answer = new AnswerInfo(Guid.CreateVersion7().ToString("N"), request.Model, time.GetUtcNow());
        await JsonReply.SendOkAsync(http, output => OpenAiClassify.Write(request, result, answer, output));
    }
}

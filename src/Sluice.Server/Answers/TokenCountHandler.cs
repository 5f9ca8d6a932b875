using Microsoft.AspNetCore.Http;
using Sluice.Gateway.Admission;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using Sluice.Server.Telemetry;

namespace Sluice.Server.Answers;

/// <summary>The way of a request that only asks how long its prompt is: what a source learns when it prepares is the answer.</summary>
internal sealed class TokenCountHandler(Drain drain)
{
    public async Task AnswerAsync(HttpContext http, IDialect dialect)
    {
        var request = new Request(await RequestBody.ReadAsync(http.Request), dialect);
        RequestInfo info = RequestInfo.Of(http);
        ICompletionSource source = info.FindModel(request.Head.Model);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, drain.Deadline);
        using Admission admission = await info.Serving.Door.AdmitAsync(info.Visitor!, promptTokens: 0, answerTokens: 0, ended.Token);
        using Prepared prepared = await source.PrepareAsync(request, info.CreateContext(http), ended.Token);
        await JsonReply.SendOkAsync(http, output => AnthropicMessagesDialect.WriteCount(prepared.PromptTokens, output));
    }
}

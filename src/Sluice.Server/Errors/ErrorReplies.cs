using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Server.Answers;
using Sluice.Server.Telemetry;

namespace Sluice.Server.Errors;

/// <summary>Gives every error that has not gone out yet a body, in the shape of the endpoint's dialect: faults, unknown routes, wrong methods.</summary>
internal sealed class ErrorReplies(FaultTeller faults)
{
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
            if (!http.Response.HasStarted && http.Response is { StatusCode: >= 400, ContentType: null })
                await SendAsync(http, OfRouting(http));
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            RequestInfo.Of(http).ClientGone = true;
        }
        catch (Exception fault)
        {
            ApiError told = faults.Tell(fault, RequestInfo.Of(http));
            if (http.Response.HasStarted)
                http.Abort();
            else
                await SendAsync(http, told);
        }
    }

    private static ApiError OfRouting(HttpContext http)
    {
        HttpRequest request = http.Request;
        return http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed
            ? new ApiError(405, ApiError.InvalidRequest, $"{request.Path} does not take {request.Method}; use {http.Response.Headers.Allow}.", Code: "method_not_allowed")
            : new ApiError(http.Response.StatusCode, ApiError.InvalidRequest, $"Unknown URL ({request.Method} {request.Path}).", Code: "unknown_url");
    }

    private static Task SendAsync(HttpContext http, ApiError fault)
    {
        if (fault.RetryAfter is { } pause)
            http.Response.Headers.RetryAfter = ((int)Math.Max(1, Math.Ceiling(pause.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
        IDialect? dialect = http.GetEndpoint()?.Metadata.GetMetadata<IDialect>();
        return JsonReply.SendAsync(http, fault.Status, output =>
        {
            if (dialect is null)
                OpenAiErrors.WriteBody(fault, output);
            else
                dialect.WriteError(fault, output);
        });
    }
}

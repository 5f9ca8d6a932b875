using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Server.Answers;
using Sluice.Server.Telemetry;

namespace Sluice.Server.Errors;

/// <summary>
/// Gives every error that has not gone out yet a body, in the shape of the endpoint's dialect: faults, unknown routes, wrong methods.
/// </summary>
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
        (HttpRequest request, HttpResponse response) = (http.Request, http.Response);
        (string message, string code) = response.StatusCode == StatusCodes.Status405MethodNotAllowed
            ? ($"{request.Path} does not take {request.Method}; use {response.Headers.Allow}.", "method_not_allowed")
            : ($"Unknown URL ({request.Method} {request.Path}).", "unknown_url");
        return new ApiError(response.StatusCode, ApiError.InvalidRequest, message, Code: code);
    }

    private static Task SendAsync(HttpContext http, ApiError fault)
    {
        if (fault.RetryAfter is { } pause)
            http.Response.Headers.RetryAfter = ((int)Math.Max(1, Math.Ceiling(pause.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
        if (fault.Status == StatusCodes.Status401Unauthorized)
            http.Response.Headers.WWWAuthenticate = "Bearer";
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

using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Sluice.Server.Telemetry;

/// <summary>Counts and times every request by the pattern of its route, never by its path: the number of series stays bounded.</summary>
internal sealed class RequestMeter(ServerMetrics metrics, RequestSpans spans, AccessLog log, TimeProvider time)
{
    private const string NoRoute = "none";

    // What nginx calls a client that closed the connection; it was sent to nobody.
    private const int ClientClosed = 499;

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        string endpoint = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? NoRoute;
        long started = time.GetTimestamp();
        RequestInfo request = RequestInfo.Of(http);
        metrics.BeginRequest(endpoint);
        Activity? span = spans.Begin(http, request, endpoint);
        try
        {
            await next(http);
        }
        finally
        {
            int status = request.ClientGone ? ClientClosed : http.Response.StatusCode;
            TimeSpan elapsed = time.GetElapsedTime(started);
            metrics.EndRequest(endpoint, status.ToString(CultureInfo.InvariantCulture), elapsed);
            RequestSpans.End(span, request, status);
            log.Write(request, endpoint, status, elapsed);
        }
    }
}

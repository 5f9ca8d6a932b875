using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Sluice.Server.Telemetry;

/// <summary>
/// The server's span of each request, for an exporter to listen to; while none does, the client's trace is passed on as it came.
/// </summary>
internal sealed class RequestSpans : IDisposable
{
    public const string Name = "Sluice.Server";

    private readonly ActivitySource _spans = new(Name);

    /// <summary>Begins the span and tells the request of it.</summary>
    /// <param name="endpoint">Pattern of its route: what it was called may be anything.</param>
    public Activity? Begin(HttpContext http, RequestInfo request, string endpoint)
    {
        ActivityContext parent = ParentOf(http.Request);
        request.Trace = parent;
        if (!_spans.HasListeners())
            return null;
        // Contexts are passed here, never ambient: what starting a span changes is put back.
        Activity? ambient = Activity.Current;
        Activity.Current = null;
        Activity? span = _spans.StartActivity($"{http.Request.Method} {endpoint}", ActivityKind.Server, parent);
        Activity.Current = ambient;
        if (span is null)
            return null;
        request.Trace = span.Context;
        span.SetTag("http.request.method", http.Request.Method);
        span.SetTag("http.route", endpoint);
        span.SetTag("url.scheme", http.Request.Scheme);
        span.SetTag("url.path", http.Request.Path.Value);
        span.SetTag("sluice.request_id", request.Id);
        return span;
    }

    public static void End(Activity? span, RequestInfo request, int status)
    {
        if (span is null)
            return;
        span.SetTag("http.response.status_code", status);
        if (request.Model is { } model)
            span.SetTag("gen_ai.request.model", model);
        if (request.Visitor?.Key is { } key)
            span.SetTag("sluice.key", key.Name);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            span.SetTag("error.type", status.ToString(CultureInfo.InvariantCulture));
            span.SetStatus(ActivityStatusCode.Error);
        }
        Activity? ambient = Activity.Current;
        span.Stop();
        Activity.Current = ambient;
    }

    public void Dispose() => _spans.Dispose();

    /// <summary>What the client said of its trace; nothing where that is none by the W3C's rules.</summary>
    private static ActivityContext ParentOf(HttpRequest request)
    {
        if (request.Headers.TraceParent is not [{ } parent])
            return default;
        string state = string.Join(',', (IEnumerable<string?>)request.Headers.TraceState);
        return ActivityContext.TryParse(parent, state, isRemote: true, out ActivityContext known) ? known : default;
    }
}

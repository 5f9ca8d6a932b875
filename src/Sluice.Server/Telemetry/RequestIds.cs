using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Sluice.Server.Telemetry;

/// <summary>
/// Gives every request an id, the client's own where it sent a decent one, sends it back with every answer, and keeps what is served to
/// this request open to its end.
/// </summary>
internal sealed class RequestIds(LiveServing serving, TimeProvider time)
{
    private const string Header = "x-request-id";
    private const int LongestChars = 128;

    // An id ends up in headers and logs: nothing that could break a line or hide in one.
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:");

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        string? sent = http.Request.Headers[Header];
        bool decent = sent is { Length: > 0 and <= LongestChars } && !sent.AsSpan().ContainsAnyExcept(Allowed);
        string id = decent ? sent! : $"req_{Guid.CreateVersion7():N}";
        http.Response.Headers[Header] = id;
        Serving taken = serving.Enter();
        try
        {
            http.Features.Set(new RequestInfo(id, taken, time.GetUtcNow()));
            await next(http);
        }
        finally
        {
            LiveServing.Exit(taken);
        }
    }
}

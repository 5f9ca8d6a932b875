using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Sluice.Server.Telemetry;

/// <summary>Gives every request an id, the client's own where it sent a decent one, and sends it back with every answer.</summary>
internal sealed class RequestIds(LiveServing serving)
{
    private const string Header = "x-request-id";
    private const int LongestChars = 128;

    // An id ends up in headers and logs: nothing that could break a line or hide in one.
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:");

    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        string? sent = http.Request.Headers[Header];
        bool decent = sent is { Length: > 0 and <= LongestChars } && !sent.AsSpan().ContainsAnyExcept(Allowed);
        string id = decent ? sent! : $"req_{Guid.CreateVersion7():N}";
        http.Features.Set(new RequestInfo(id, serving.Current));
        http.Response.Headers[Header] = id;
        return next(http);
    }
}

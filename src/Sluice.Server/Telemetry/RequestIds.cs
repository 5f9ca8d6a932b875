using System.Buffers;
using System.Buffers.Binary;
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

    private readonly uint _server = BinaryPrimitives.ReadUInt32LittleEndian(Guid.NewGuid().ToByteArray());
    private long _made;

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        string? sent = http.Request.Headers[Header];
        bool decent = sent is { Length: > 0 and <= LongestChars } && !sent.AsSpan().ContainsAnyExcept(Allowed);
        string id = decent ? sent! : Create();
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

    /// <summary>
    /// The time in milliseconds (6 bytes), chance that was drawn when the server began (4), a number (6): in order of time, and unlike any other
    /// of this server and most likely of all. It is no secret, so it need not be drawn anew, which costs a call of the system each time.
    /// </summary>
    private string Create()
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id[8..], Interlocked.Increment(ref _made));
        BinaryPrimitives.WriteInt64BigEndian(id, (time.GetUtcNow().ToUnixTimeMilliseconds() << 16) | (_server >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(id[8..], (ushort)_server);
        return $"req_{Convert.ToHexStringLower(id)}";
    }
}

using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sluice.Protocol.Requests;

namespace Sluice.Server.Answers;

/// <summary>Takes the body of a request as bytes.</summary>
internal static class RequestBody
{
    // What a client announces is not believed: memory grows only with what has arrived.
    private const int FirstBufferBytes = 64 * 1024;

    /// <exception cref="InvalidRequestException">415: the body is not declared to be JSON.</exception>
    /// <exception cref="BadHttpRequestException">413: it is larger than the server takes; or it broke off.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength != 0 && !IsJson(request.ContentType))
        {
            throw new InvalidRequestException(
                "The body must be JSON; send the header 'Content-Type: application/json'.", code: "unsupported_media_type", status: 415);
        }
        CancellationToken aborted = request.HttpContext.RequestAborted;
        var body = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 0, 1024, FirstBufferBytes));
        while (await request.Body.ReadAsync(body.GetMemory(), aborted) is var read and > 0)
            body.Advance(read);
        return body.WrittenMemory;
    }

    private static bool IsJson(string? contentType)
    {
        const StringComparison anyCase = StringComparison.OrdinalIgnoreCase;
        return MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)
            && (type.MediaType.Equals("application/json", anyCase) || type.Suffix.Equals("json", anyCase));
    }
}

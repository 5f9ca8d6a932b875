using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sluice.Protocol.Requests;

namespace Sluice.Server.Answers;

/// <summary>Takes the body of a request as bytes.</summary>
internal static class RequestBody
{
    private const int SmallBytes = 64 * 1024;

    // What a client announces is not believed: memory grows with what has arrived, to so many times as much.
    private const int Trust = 8;

    /// <exception cref="InvalidRequestException">415: the body is not declared to be JSON.</exception>
    /// <exception cref="BadHttpRequestException">413: it is larger than the server takes; or it broke off.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request)
    {
        (byte[] body, int length) = await ReadAsync(request, rents: false);
        return body.AsMemory(0, length);
    }

    /// <summary>
    /// The same in memory that goes back, unless somebody parses it: long bodies that are only forwarded would keep the collector busy.
    /// </summary>
    /// <inheritdoc cref="ReadAsync(HttpRequest)"/>
    public static async ValueTask<RequestBuffer> RentAsync(HttpRequest request)
    {
        (byte[] body, int length) = await ReadAsync(request, rents: true);
        return new RequestBuffer(body, length);
    }

    private static async ValueTask<(byte[] Body, int Length)> ReadAsync(HttpRequest request, bool rents)
    {
        if (request.ContentLength != 0 && !IsJson(request.ContentType))
        {
            throw new InvalidRequestException(
                "The body must be JSON; send the header 'Content-Type: application/json'.", code: "unsupported_media_type", status: 415);
        }
        CancellationToken aborted = request.HttpContext.RequestAborted;
        PipeReader arriving = request.BodyReader;
        byte[] body = [];
        int filled = 0;
        while (true)
        {
            ReadResult read = await arriving.ReadAsync(aborted);
            int needed = checked(filled + (int)read.Buffer.Length);
            if (rents && ConnectionBuffers.TryTake(read.Buffer, filled) is { } block)
            {
                body = Move(body, filled, block, rents);
            }
            else
            {
                if (needed > body.Length)
                {
                    int room = Room(needed, read.IsCompleted ? needed : request.ContentLength);
                    body = Move(body, filled, rents ? ArrayPool<byte>.Shared.Rent(room) : GC.AllocateUninitializedArray<byte>(room), rents);
                }
                read.Buffer.CopyTo(body.AsSpan(filled));
            }
            filled = needed;
            arriving.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return (body, filled);
            if (request.ContentLength is { } whole)
                ConnectionBuffers.Expect(filled, whole - filled);
        }
    }

    private static byte[] Move(byte[] body, int filled, byte[] target, bool rented)
    {
        body.AsSpan(0, filled).CopyTo(target);
        if (rented)
            ArrayPool<byte>.Shared.Return(body);
        return target;
    }

    private static int Room(int needed, long? announced) => announced is { } whole && whole >= needed
        ? (int)Math.Min(whole, Math.Max(SmallBytes, (long)needed * Trust))
        : (int)Math.Min(Array.MaxLength, Math.Max(1024, (long)needed * 2));

    private static bool IsJson(string? contentType)
    {
        const StringComparison anyCase = StringComparison.OrdinalIgnoreCase;
        return MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)
            && (type.MediaType.Equals("application/json", anyCase) || type.Suffix.Equals("json", anyCase));
    }
}

using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Server.Access;
using Sluice.Server.Answers;

namespace Sluice.Server.Endpoints;

/// <summary>GET /health: whether to send requests here. GET /health/live: whether the process is alive at all.</summary>
internal static class Health
{
    public static void Map(IEndpointRouteBuilder routes, Drain drain)
    {
        routes.MapGet("/health", http => drain.Stopping
            ? JsonReply.SendAsync(http, StatusCodes.Status503ServiceUnavailable, output => output.Write("{\"status\":\"stopping\"}"u8))
            : JsonReply.SendOkAsync(http, WriteOk)).WithMetadata(OpenToAll.Mark);
        routes.MapGet("/health/live", http => JsonReply.SendOkAsync(http, WriteOk)).WithMetadata(OpenToAll.Mark);
    }

    private static void WriteOk(IBufferWriter<byte> output) => output.Write("{\"status\":\"ok\"}"u8);
}

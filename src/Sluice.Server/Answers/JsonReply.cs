using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Sluice.Server.Answers;

/// <summary>Sends a whole JSON body.</summary>
internal static class JsonReply
{
    public static Task SendOkAsync(HttpContext http, Action<IBufferWriter<byte>> write) => SendAsync(http, StatusCodes.Status200OK, write);

    public static async Task SendAsync(HttpContext http, int status, Action<IBufferWriter<byte>> write)
    {
        ArrayBufferWriter<byte> body = Scratch.Rent();
        write(body);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.WrittenCount;
        await http.Response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
        Scratch.Return(body); // sent or copied
    }
}

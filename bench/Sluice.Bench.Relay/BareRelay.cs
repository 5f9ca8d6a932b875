using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Sluice.Bench.Relay;

/// <summary>
/// The least that a relay in .NET can do, with nothing set: Kestrel takes the request, <see cref="SocketsHttpHandler"/> sends it on, the answer
/// is copied back. What Sluice adds to this is its own; what it saves comes of how it sets the two.
/// </summary>
internal static class BareRelay
{
    public static async Task RunAsync(int port, int upstream)
    {
        using var connections = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        await using WebApplication app = builder.Build();
        app.Run(http => RelayAsync(http, connections, upstream));
        await app.RunAsync();
    }

    private static async Task RelayAsync(HttpContext http, HttpMessageInvoker connections, int upstream)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{upstream}{http.Request.Path}") { Version = HttpVersion.Version11 };
        request.Content = new StreamContent(http.Request.Body);
        request.Content.Headers.ContentLength = http.Request.ContentLength;
        request.Content.Headers.TryAddWithoutValidation("Content-Type", http.Request.ContentType);
        using HttpResponseMessage answer = await connections.SendAsync(request, http.RequestAborted);
        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        http.Response.ContentLength = answer.Content.Headers.ContentLength;
        await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }
}

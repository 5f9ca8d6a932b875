using Microsoft.AspNetCore.Http;
using Sluice.Gateway.Admission;
using Sluice.Server.Telemetry;

namespace Sluice.Server.Access;

/// <summary>Asks every request who sent it, but for those endpoints that anybody may use.</summary>
internal static class KeyCheck
{
    // Clients of Anthropic and Azure send theirs in a header of its own.
    private static readonly string[] KeyHeaders = ["x-api-key", "api-key"];

    public static Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<OpenToAll>() is null)
        {
            RequestInfo request = RequestInfo.Of(http);
            request.Visitor = request.Serving.Door.Identify(KeyOf(http.Request));
        }
        return next(http);
    }

    private static string? KeyOf(HttpRequest request)
    {
        string? authorization = request.Headers.Authorization;
        if (authorization?.StartsWith(ApiKey.Scheme, StringComparison.OrdinalIgnoreCase) == true)
            return authorization;
        return KeyHeaders.Select(name => (string?)request.Headers[name]).FirstOrDefault(key => key is not null);
    }
}

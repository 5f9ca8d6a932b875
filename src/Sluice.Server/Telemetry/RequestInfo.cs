using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Protocol.Requests;

namespace Sluice.Server.Telemetry;

/// <summary>
/// What the server itself notes about one request. Filled by <see cref="RequestIds"/>, read by whoever has to name the request.
/// </summary>
internal sealed class RequestInfo(string id)
{
    public string Id { get; } = id;

    /// <summary>Set when the client left before the answer was complete.</summary>
    public bool ClientGone { get; set; }

    /// <summary>What sources are told of it.</summary>
    public RequestContext CreateContext() => new(Id, Trace: Activity.Current?.Context ?? default);

    public static RequestInfo Of(HttpContext http) => http.Features.GetRequiredFeature<RequestInfo>();
}

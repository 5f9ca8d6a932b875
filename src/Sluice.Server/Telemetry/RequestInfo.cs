using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Sluice.Gateway.Admission;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using Sluice.Server.Answers;

namespace Sluice.Server.Telemetry;

/// <summary>
/// What the server itself notes about one request. Filled by <see cref="RequestIds"/>, read by whoever has to name the request.
/// </summary>
internal sealed class RequestInfo(string id, Serving serving, DateTimeOffset arrived)
{
    public string Id { get; } = id;

    /// <summary>Set when the client left before the answer was complete.</summary>
    public bool ClientGone { get; set; }

    /// <summary>What was served when it came; it is answered by that to its end.</summary>
    public Serving Serving { get; } = serving;

    /// <summary>Who sent it; known once its key was looked at.</summary>
    public Visitor? Visitor { get; set; }

    /// <summary>Parent of what is done for it: its span here, or the client's where there is none.</summary>
    public ActivityContext Trace { get; set; }

    /// <summary>Public name of the model that it asked for; known once there is such a model.</summary>
    public string? Model { get; private set; }

    /// <inheritdoc cref="ModelDirectory.Find"/>
    public ICompletionSource FindModel(string name)
    {
        ICompletionSource source = Serving.Models.Find(name);
        Model = name;
        return source;
    }

    /// <inheritdoc cref="ModelDirectory.FindEmbedding"/>
    public IEmbeddingSource FindEmbeddingModel(string name)
    {
        IEmbeddingSource source = Serving.Models.FindEmbedding(name);
        Model = name;
        return source;
    }

    /// <inheritdoc cref="ModelDirectory.FindScoring"/>
    public IScoringSource FindScoringModel(string name)
    {
        IScoringSource source = Serving.Models.FindScoring(name);
        Model = name;
        return source;
    }

    /// <summary>What sources are told of it. Whoever has a key of its own has a share of its own.</summary>
    /// <exception cref="InvalidRequestException">Its deadline is not one.</exception>
    public RequestContext CreateContext(HttpContext http) => new(
        Id, Tenant: Visitor?.Key?.Name, Key: Visitor?.Key?.Name, Priority: Visitor?.Priority ?? 0,
        Deadline: RequestDeadline.Read(http.Request, arrived), Trace: Trace)
    {
        Header = name => http.Request.Headers.TryGetValue(name, out StringValues value) ? value.ToString() : null,
    };

    public static RequestInfo Of(HttpContext http) => http.Features.GetRequiredFeature<RequestInfo>();
}

using System.Diagnostics;

namespace Sluice.Protocol.Requests;

/// <summary>Who asks and under what terms. Made once at the door, passed along, never ambient.</summary>
/// <param name="RequestId">Unique id, also sent to the client.</param>
/// <param name="Tenant">Whose limits apply; null where there are no tenants.</param>
/// <param name="Key">Name of the API key, never the key itself.</param>
/// <param name="CacheSalt">Keeps one tenant's cached prefixes from another's.</param>
/// <param name="Priority">Higher goes first.</param>
/// <param name="Deadline">When the answer is worth nothing any more.</param>
/// <param name="Trace">Parent of the spans of this request.</param>
public sealed record RequestContext(
    string RequestId,
    string? Tenant = null,
    string? Key = null,
    string? CacheSalt = null,
    int Priority = 0,
    DateTimeOffset? Deadline = null,
    ActivityContext Trace = default)
{
    /// <summary>Looks up a header of the request, for rules that depend on one; null where it was not sent.</summary>
    public Func<string, string?> Header { get; init; } = static _ => null;
}

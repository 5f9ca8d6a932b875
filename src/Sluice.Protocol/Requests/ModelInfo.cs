namespace Sluice.Protocol.Requests;

/// <summary>A model as clients see it.</summary>
/// <param name="Id">Public name, as in a request's <c>model</c>.</param>
/// <param name="Created">When it became available.</param>
/// <param name="OwnedBy">Name of the source that answers for it.</param>
public sealed record ModelInfo(string Id, DateTimeOffset Created, string OwnedBy);

namespace Sluice.Gateway.Configuration;

/// <param name="Source">Name of a source.</param>
/// <param name="Model">Name of one of its models.</param>
/// <param name="Weight">Share among its peers, above 0.</param>
/// <param name="Tags">Names by which rules speak of it.</param>
public sealed record MemberConfig(string Source, string Model, double Weight, IReadOnlyList<string> Tags);

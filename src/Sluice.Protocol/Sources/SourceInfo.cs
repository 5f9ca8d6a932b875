namespace Sluice.Protocol.Sources;

/// <param name="Name">The source's own name.</param>
/// <param name="Models">Public model names it answers to; the first is the default.</param>
/// <param name="Created">When it became available.</param>
public sealed record SourceInfo(string Name, IReadOnlyList<string> Models, DateTimeOffset Created);

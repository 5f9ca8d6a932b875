namespace Sluice.Models.Files;

/// <summary>One metadata value as a listing shows it.</summary>
/// <param name="Key">Key as stored.</param>
/// <param name="Kind">Name of its kind: <c>u32</c>, <c>string</c>, <c>f32[64]</c>.</param>
/// <param name="Value">The value on one line, shortened.</param>
public sealed record MetadataEntry(string Key, string Kind, string Value);

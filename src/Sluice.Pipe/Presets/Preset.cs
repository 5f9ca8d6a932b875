using System.Text.Json.Nodes;

namespace Sluice.Pipe.Presets;

/// <summary>A prompt with a name.</summary>
/// <param name="OutputSchema">A JSON schema that answers have to follow; null for plain text.</param>
public sealed record Preset(string Name, string Template, string? Description, JsonObject? OutputSchema = null);

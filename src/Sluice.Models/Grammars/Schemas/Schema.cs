using System.Text.Json;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>A schema where it stands: its JSON and what references in it are relative to. One object for equal ones.</summary>
/// <param name="path">The resources that references went through on the way here, outermost first; empty where nothing is dynamic.</param>
internal sealed class Schema(int id, JsonElement json, string location, SchemaResource resource, SchemaResource[] path)
{
    /// <summary>Its number in the table that made it.</summary>
    public int Id { get; } = id;

    public JsonElement Json { get; } = json;

    public string Location { get; } = location;

    public SchemaResource Resource { get; } = resource;

    public SchemaResource[] Path { get; } = path;

    /// <summary>Where it is no JSON but one of these must hold; otherwise null.</summary>
    public Literal[]? Union { get; init; }
}

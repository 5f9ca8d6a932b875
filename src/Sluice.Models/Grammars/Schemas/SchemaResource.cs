using System.Text.Json;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>A schema with a URI of its own, and the anchors in it.</summary>
internal sealed class SchemaResource(Uri uri, JsonElement root, string location)
{
    public Uri Uri { get; } = uri;

    public JsonElement Root { get; } = root;

    /// <summary>Where it is in the document, as a JSON pointer.</summary>
    public string Location { get; } = location;

    /// <summary>The locations of $anchor and $dynamicAnchor.</summary>
    public Dictionary<string, string> Anchors { get; } = [];

    /// <summary>The locations of $dynamicAnchor alone.</summary>
    public Dictionary<string, string> DynamicAnchors { get; } = [];
}

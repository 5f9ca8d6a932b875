using System.Text;
using System.Text.Json;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>The schemas of a document, and those that are made up on the way; each once.</summary>
internal sealed class SchemaTable
{
    private const int MaxSchemas = 100_000;

    private readonly SchemaDocument _document;
    private readonly Dictionary<string, Schema> _schemas = [];
    private readonly SchemaResource _made = new(new Uri("json-schema:///made"), default, "");

    public SchemaTable(SchemaDocument document)
    {
        _document = document;
        Root = Located(document.Root, []);
        Anything = Made("true");
    }

    public Schema Root { get; }

    /// <summary>The schema true.</summary>
    public Schema Anything { get; }

    /// <summary>All that the document has, used or not.</summary>
    public IEnumerable<Schema> Written => [.. _document.Locations.ToList().Select(location => Located(_document.At(location), []))];

    /// <summary>The schema at a keyword of another.</summary>
    public Schema Child(Schema parent, params ReadOnlySpan<string> keys)
    {
        if (ReferenceEquals(parent.Resource, _made))
        {
            var json = parent.Json;
            foreach (string key in keys)
                json = json.ValueKind == JsonValueKind.Array ? json[int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)] : json.GetProperty(key);
            return Made(json.GetRawText());
        }
        var location = new StringBuilder(parent.Location);
        foreach (string key in keys)
            location.Append('/').Append(key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
        return Located(_document.At(location.ToString()), parent.Path);
    }

    public Schema Resolve(Schema from, string reference) => Located(_document.Resolve(reference, from.Resource), from.Path);

    /// <summary>As <see cref="Resolve"/>, but an anchor that is dynamic is the outermost of its name.</summary>
    public Schema ResolveDynamic(Schema from, string reference)
    {
        var (json, location, resource) = _document.Resolve(reference, from.Resource);
        int mark = reference.IndexOf('#');
        string name = mark < 0 ? "" : reference[(mark + 1)..];
        if (resource.DynamicAnchors.TryGetValue(name, out string? anchored) && anchored == location)
        {
            foreach (var outer in from.Path)
            {
                if (outer.DynamicAnchors.TryGetValue(name, out string? there))
                    return Located(_document.At(there), from.Path);
            }
        }
        return Located((json, location, resource), from.Path);
    }

    /// <summary>A schema that is in no document; it refers to nothing.</summary>
    public Schema Made(string json)
    {
        if (_schemas.TryGetValue(json, out var known))
            return known;
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 2 * SchemaDocument.MaxDepth });
        return Add(json, document.RootElement.Clone(), "", _made, []);
    }

    /// <summary>A schema of which one of these must hold.</summary>
    public Schema AnyOf(IEnumerable<Literal> literals)
    {
        Literal[] union = [.. literals];
        string key = "|" + string.Join(' ', union.Select(literal => literal.Positive ? literal.Schema.Id : ~literal.Schema.Id));
        return _schemas.TryGetValue(key, out var known)
            ? known : _schemas[key] = new Schema(_schemas.Count, default, "", _made, []) { Union = union };
    }

    private Schema Located((JsonElement Json, string Location, SchemaResource Resource) at, SchemaResource[] path)
    {
        if (_document.HasDynamicAnchors && !path.Contains(at.Resource))
            path = [.. path, at.Resource];
        string key = $"#{at.Location} {string.Join(' ', path.Select(resource => resource.Location))}";
        return _schemas.TryGetValue(key, out var known) ? known : Add(key, at.Json, at.Location, at.Resource, path);
    }

    private Schema Add(string key, JsonElement json, string location, SchemaResource resource, SchemaResource[] path)
    {
        if (_schemas.Count == MaxSchemas)
            throw new GrammarException($"schema: more than {MaxSchemas} schemas");
        if (json.ValueKind is not (JsonValueKind.True or JsonValueKind.False or JsonValueKind.Object))
            throw new GrammarException($"schema: expected an object or a boolean at {(location.Length == 0 ? "the root" : location)}");
        return _schemas[key] = new Schema(_schemas.Count, json, location, resource, path);
    }
}

using System.Globalization;
using System.Text.Json;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>A JSON Schema as parsed, with its resources, anchors and references. Nothing outside the document is ever fetched.</summary>
internal sealed class SchemaDocument
{
    public const int MaxDepth = 100;

    private static readonly Uri NoUri = new("json-schema:///");

    private static readonly string[] Maps = ["$defs", "definitions", "properties", "patternProperties", "dependentSchemas", "dependencies"];
    private static readonly string[] Lists = ["allOf", "anyOf", "oneOf", "prefixItems", "items"];

    private static readonly string[] Singles =
    [
        "items", "additionalItems", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames",
        "unevaluatedItems", "unevaluatedProperties", "contentSchema",
    ];

    private readonly Dictionary<string, SchemaResource> _byUri = [];
    private readonly Dictionary<string, (JsonElement Json, SchemaResource Resource)> _byLocation = [];

    /// <exception cref="GrammarException">Not JSON, or not a schema.</exception>
    public SchemaDocument(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var root = document.RootElement.Clone();
            Walk(root, "", new SchemaResource(NoUri, root, ""));
            Add(_byLocation[""].Resource, NoUri);
        }
        catch (JsonException e)
        {
            throw new GrammarException($"schema: not JSON: {e.Message}");
        }
    }

    public (JsonElement Json, string Location, SchemaResource Resource) Root => At("");

    /// <summary>Whether numbers are compared or divided anywhere, so that their texts must be decimals.</summary>
    public bool WeighsNumbers { get; private set; }

    /// <summary>Where there are schemas.</summary>
    public IReadOnlyCollection<string> Locations => _byLocation.Keys;

    public bool HasDynamicAnchors { get; private set; }

    public (JsonElement Json, string Location, SchemaResource Resource) At(string location) =>
        (_byLocation[location].Json, location, _byLocation[location].Resource);

    /// <summary>What a $ref says, seen from a resource.</summary>
    public (JsonElement Json, string Location, SchemaResource Resource) Resolve(string reference, SchemaResource from)
    {
        int mark = reference.IndexOf('#');
        string uri = mark < 0 ? reference : reference[..mark];
        string fragment = mark < 0 ? "" : Uri.UnescapeDataString(reference[(mark + 1)..]);
        var resource = from;
        if (uri.Length > 0 && (!Uri.TryCreate(from.Uri, uri, out var absolute) || !_byUri.TryGetValue(absolute.AbsoluteUri, out resource)))
            throw new GrammarException($"schema: $ref {reference} is not in the schema, and nothing is fetched from elsewhere");
        if (fragment.Length == 0)
            return At(resource.Location);
        if (fragment[0] == '/')
            return Follow(resource, fragment, reference);
        return resource.Anchors.TryGetValue(fragment, out string? location)
            ? At(location) : throw new GrammarException($"schema: $ref {reference} names an anchor that there is not");
    }

    private (JsonElement Json, string Location, SchemaResource Resource) Follow(SchemaResource resource, string pointer, string reference)
    {
        string location = resource.Location;
        var json = resource.Root;
        foreach (string part in pointer[1..].Split('/'))
        {
            string name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            location += "/" + part;
            bool found = json.ValueKind switch
            {
                JsonValueKind.Object => json.TryGetProperty(name, out json),
                JsonValueKind.Array => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) &&
                    index < json.GetArrayLength() && (json = json[index]).ValueKind != JsonValueKind.Undefined,
                _ => false,
            };
            if (!found)
                throw new GrammarException($"schema: $ref {reference} leads nowhere");
            if (_byLocation.TryGetValue(location, out var known))
                resource = known.Resource;
        }
        if (!_byLocation.ContainsKey(location))
            Walk(json, location, resource);
        return At(location);
    }

    private void Walk(JsonElement json, string location, SchemaResource resource)
    {
        if (_byLocation.ContainsKey(location))
            return;
        if (json.ValueKind != JsonValueKind.Object)
        {
            _byLocation[location] = (json, resource);
            return;
        }
        if (Text(json, "$id") is { } id)
        {
            string uri = id.TrimEnd('#');
            if (!Uri.TryCreate(resource.Uri, uri, out var absolute))
                throw new GrammarException($"schema: $id {id} is not a URI");
            resource = new SchemaResource(absolute, json, location);
            Add(resource, absolute);
        }
        _byLocation[location] = (json, resource);
        if (Text(json, "$anchor") is { } anchor)
            resource.Anchors[anchor] = location;
        if (Text(json, "$dynamicAnchor") is { } dynamic)
        {
            HasDynamicAnchors = true;
            resource.Anchors[dynamic] = location;
            resource.DynamicAnchors[dynamic] = location;
        }
        foreach (var member in json.EnumerateObject())
            WalkMember(member, $"{location}/{Escaped(member.Name)}", resource);
    }

    private void WalkMember(JsonProperty member, string location, SchemaResource resource)
    {
        WeighsNumbers |= member.Name is "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf" ||
            (member.Name is "const" or "enum" && HasNumber(member.Value));
        if (Maps.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Object)
        {
            foreach (var part in member.Value.EnumerateObject())
                Walk(part.Value, $"{location}/{Escaped(part.Name)}", resource);
        }
        else if (Lists.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Array)
        {
            int index = 0;
            foreach (var part in member.Value.EnumerateArray())
                Walk(part, $"{location}/{index++}", resource);
        }
        else if (Singles.Contains(member.Name))
            Walk(member.Value, location, resource);
    }

    private void Add(SchemaResource resource, Uri uri) => _byUri.TryAdd(uri.AbsoluteUri, resource);

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Escaped(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static bool HasNumber(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => true,
        JsonValueKind.Array => json.EnumerateArray().Any(HasNumber),
        JsonValueKind.Object => json.EnumerateObject().Any(member => HasNumber(member.Value)),
        _ => false,
    };
}

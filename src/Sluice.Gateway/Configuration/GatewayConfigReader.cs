using System.Collections;

namespace Sluice.Gateway.Configuration;

/// <summary>Turns the tree of a file into a <see cref="GatewayConfig"/>: the whole file's sections, and what they say of each other.</summary>
internal sealed class GatewayConfigReader(YamlFile file)
{
    /// <summary>The name of the file's own section.</summary>
    public const string Root = "the configuration";

    private static readonly string[] Keys = ["server", "sources", "pools", "keys", "access", "limits", "telemetry", "store"];

    private static readonly (string, string)[] NotBuilt =
    [
        ("tenants", "give limits to keys instead"),
        ("cache", "answers are not cached; leave it out"),
    ];

    /// <exception cref="ConfigException">It is not valid.</exception>
    public GatewayConfig Read(string text, IDictionary variables)
    {
        var layer = new EnvironmentLayer(file, [.. Keys, .. NotBuilt.Select(part => part.Item1)]);
        var root = new Section(file, layer.Apply(file.Parse(text), variables), Root, Keys, NotBuilt);
        IReadOnlyList<SourceConfig> sources = SourceReader.ReadAll(root);
        IReadOnlyList<PoolConfig> pools = PoolReader.ReadAll(root, sources);
        CheckPrices(sources, pools);
        CheckStore(root);
        IReadOnlyList<KeyConfig> keys = KeyReader.ReadAll(root);
        return new GatewayConfig
        {
            Server = ServerReader.Read(root),
            Sources = sources,
            Pools = pools,
            Keys = keys,
            Anonymous = KeyReader.ReadAnonymous(root, keys),
            Limits = LimitsReader.ReadGlobal(root),
            Telemetry = TelemetryReader.Read(root),
        };
    }

    /// <summary>The server's part alone, of variables without a file; whatever else they say is refused.</summary>
    /// <exception cref="ConfigException">It is not valid.</exception>
    public ServerConfig ReadServer(IDictionary variables)
    {
        YamlNode tree = new EnvironmentLayer(file, Keys).Apply(new YamlMap(1, []), variables);
        if (((YamlMap)tree).Entries.FirstOrDefault(entry => entry.Key != "server") is { } other)
            throw file.Error(other.Line, $"'{other.Key}' belongs to the pools of a file: name one with --config, or unset this");
        return ServerReader.Read(new Section(file, tree, Root, ["server"]));
    }

    /// <summary>A price for a name that nobody asks for leaves the model itself without one, which a policy takes for the cheapest.</summary>
    private void CheckPrices(IReadOnlyList<SourceConfig> sources, IReadOnlyList<PoolConfig> pools)
    {
        foreach (SourceConfig source in sources)
        {
            IEnumerable<string> used = pools.SelectMany(pool => pool.Members)
                .Where(member => member.Source == source.Name).Select(member => member.Model);
            string[] models = [.. used.Union(source.Remote?.Models.Keys ?? []).Order(StringComparer.Ordinal)];
            if (source.Engine is { } engine)
                models = [.. engine.Models];
            if (source.Prices.Keys.FirstOrDefault(name => !models.Contains(name)) is { } unknown)
                throw file.Error(source.Line, $"the source '{source.Name}' has a price for '{unknown}', which is none of its models: "
                    + $"they are {string.Join(", ", models)}");
        }
    }

    private static void CheckStore(Section root)
    {
        if (root.FindText("store") is { } store and not "none")
            throw root.Error("store", $"'{store}' is not built yet: nothing is kept over a restart; write none, or leave it out");
    }
}

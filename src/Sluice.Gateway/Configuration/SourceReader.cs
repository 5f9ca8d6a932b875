using System.Collections.Frozen;
using Sluice.Gateway.Sources;

namespace Sluice.Gateway.Configuration;

/// <summary>Reads what answers prompts.</summary>
internal static class SourceReader
{
    private static readonly FrozenDictionary<string, SourceKind> Kinds = new Dictionary<string, SourceKind>
    {
        ["engine"] = SourceKind.Engine,
        ["sluice"] = SourceKind.Sluice,
        ["openai"] = SourceKind.OpenAi,
        ["azure"] = SourceKind.Azure,
        ["anthropic"] = SourceKind.Anthropic,
        ["gemini"] = SourceKind.Gemini,
        ["vllm"] = SourceKind.Vllm,
        ["tgi"] = SourceKind.Tgi,
        ["llamacpp"] = SourceKind.LlamaCpp,
        ["ollama"] = SourceKind.Ollama,
    }.ToFrozenDictionary();

    private static readonly string[] Shared = ["name", "kind", "price", "limits", "timeout", "health"];
    private static readonly string[] OfEngine =
        ["name", "kind", "price", "limits", "timeout", "model", "replicas", "kv", "batch", "draft", "adapters"];

    private static readonly string[] OfRemote = [.. Shared, "url", "key", "models", "allow_private"];
    private static readonly string[] OfAzure = [.. OfRemote, "api_version"];
    private static readonly string[] OfStartable = [.. OfRemote, "command", "replicas"];
    private static readonly SourceKind[] Hosted = [SourceKind.Azure, SourceKind.Anthropic, SourceKind.Gemini]; // nobody starts these

    private static readonly Uri NoPortYet = new("http://127.0.0.1");

    private static readonly string[] KvTypes = ["f16", "f32", "q8_0", "q4_0"];

    public static IReadOnlyList<SourceConfig> ReadAll(Section root)
    {
        var names = new UniqueNames("source");
        string[] any = [.. OfEngine.Union(OfAzure).Union(OfStartable)];
        SourceConfig[] sources = [.. root.FindSections("sources", any).Select(section => Read(section, names))];
        return sources.Length > 0 ? sources : throw root.Error("sources", "at least one is needed");
    }

    private static SourceConfig Read(Section section, UniqueNames names)
    {
        string name = names.Take(section);
        section.RequireText("kind");
        SourceKind kind = section.FindChoice("kind", Kinds)!.Value;
        bool isEngine = kind == SourceKind.Engine;
        bool isAzure = kind == SourceKind.Azure;
        bool isStartable = !isEngine && !Hosted.Contains(kind);
        section = section.Narrow(isEngine ? OfEngine : isAzure ? OfAzure : isStartable ? OfStartable : OfRemote);
        ManagedConfig? managed = isStartable ? ManagedReader.Read(section) : null;
        RemoteConfig? remote = isEngine ? null : ReadRemote(section, managed is null ? ReadUrl(section) : NoPortYet, isAzure);
        return new SourceConfig
        {
            Name = name,
            Kind = kind,
            Line = section.Line,
            Fingerprint = $"{section.Canonical} {remote?.Key?.Hash}",
            Engine = isEngine ? ReadEngine(section) : null,
            Remote = remote,
            Managed = managed,
            Limits = LimitsReader.Read(section),
            Prices = ReadPrices(section),
            Timeouts = ReadTimeouts(section, isEngine),
            Health = isEngine ? null : ReadHealth(section),
        };
    }

    private static EngineConfig ReadEngine(Section section)
    {
        Section? kv = section.FindSection("kv", ["type", "memory"]);
        Section? batch = section.FindSection("batch", ["max_sequences", "max_tokens"]);
        string? type = kv?.FindText("type");
        if (type is not null && !KvTypes.Contains(type))
            throw kv!.Error("type", $"one of {string.Join(", ", KvTypes)}, not '{type}'");
        return new EngineConfig
        {
            Model = section.RequireText("model"),
            Replicas = section.FindInteger("replicas", 1, 64) ?? 1,
            KvType = type,
            KvBytes = kv?.FindBytes("memory"),
            MaxSequences = batch?.FindInteger("max_sequences", 1, 1024),
            MaxTokens = batch?.FindInteger("max_tokens", 16, 1 << 20),
            Draft = section.FindText("draft"),
            Adapters = ReadAdapters(section),
        };
    }

    private static Dictionary<string, string> ReadAdapters(Section section)
    {
        Dictionary<string, string> adapters = ReadTexts(section, "adapters");
        return !adapters.ContainsKey(section.RequireText("model"))
            ? adapters
            : throw section.Error("adapters", "one of them is called as the model is; give it another name");
    }

    private static RemoteConfig ReadRemote(Section section, Uri url, bool isAzure)
    {
        string? version = isAzure ? section.FindText("api_version") : null;
        if (version is not null && AzureKind.HasOwnPaths(url))
            throw section.Error("api_version", "a url that ends with /v1 has no versions; leave one of the two out");
        return new RemoteConfig
        {
            Url = url,
            Key = section.FindSecret("key"),
            Models = ReadTexts(section, "models"),
            ApiVersion = version,
            AllowPrivate = section.FindFlag("allow_private") ?? false,
        };
    }

    private static Uri ReadUrl(Section section)
    {
        string text = section.RequireText("url").TrimEnd('/');
        bool isUrl = Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url is { Scheme: "http" or "https", UserInfo: "", Fragment: "" };
        return isUrl ? url! : throw section.Error("url", "an address such as https://api.example.com/v1, without user and password");
    }

    private static Dictionary<string, string> ReadTexts(Section section, string key)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (section.FindNamed(key) is not var (named, names))
            return texts;
        foreach (string name in names)
            texts.Add(name, named.RequireText(name));
        return texts;
    }

    private static Dictionary<string, PriceConfig> ReadPrices(Section section)
    {
        var prices = new Dictionary<string, PriceConfig>(StringComparer.Ordinal);
        if (section.FindNamed("price") is not var (named, names))
            return prices;
        foreach (string name in names)
        {
            Section price = named.FindSection(name, ["input", "output", "cached_input"])!;
            prices.Add(name, new PriceConfig(RequireUsd(price, "input"), RequireUsd(price, "output"), FindUsd(price, "cached_input")));
        }
        return prices;
    }

    private static double RequireUsd(Section price, string key)
    {
        price.RequireText(key);
        return FindUsd(price, key)!.Value;
    }

    private static double? FindUsd(Section price, string key) => price.FindNumber(key, 0, 1e9);

    private static TimeoutConfig ReadTimeouts(Section section, bool isEngine)
    {
        var defaults = new TimeoutConfig();
        string[] known = isEngine ? ["first_token", "total"] : ["connect", "first_token", "total"]; // nothing connects to an engine
        return section.FindSection("timeout", known) is { } timeout
            ? new TimeoutConfig(
                (isEngine ? null : timeout.FindDuration("connect")) ?? defaults.Connect,
                timeout.FindDuration("first_token") ?? defaults.FirstToken, timeout.FindDuration("total") ?? defaults.Total)
            : defaults;
    }

    private static HealthConfig? ReadHealth(Section section)
    {
        if (section.FindSection("health", ["path", "every", "fall", "rise"]) is not { } health)
            return null;
        string? path = health.FindText("path");
        if (path is not null && path[0] != '/')
            throw health.Error("path", $"it is appended to the url, so it begins with '/': '/{path}'");
        return new HealthConfig(
            path, health.FindDuration("every") ?? TimeSpan.FromSeconds(5),
            health.FindInteger("fall", 1, 100) ?? 3, health.FindInteger("rise", 1, 100) ?? 2);
    }
}

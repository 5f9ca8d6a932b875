using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Sluice.Gateway.Routing;

namespace Sluice.Gateway.Configuration;

/// <summary>Reads the public model names and who answers for them.</summary>
internal static class PoolReader
{
    private const string DefaultPolicy = "least-connections";
    private const string PluginPrefix = "plugin:";

    private static readonly string[] Keys =
        ["name", "policy", "members", "fallback", "retry", "hedge", "breaker", "limits", "rules", "session_header"];

    private static readonly (string, string)[] NotBuilt = [("split", "give members weights instead")];

    public static IReadOnlyList<PoolConfig> ReadAll(Section root, IReadOnlyList<SourceConfig> sources)
    {
        var names = new UniqueNames("pool");
        IReadOnlyList<Section> sections = root.FindSections("pools", Keys, NotBuilt);
        if (sections.Count == 0)
            throw root.Error("pools", "at least one is needed: its name is the model that clients ask for");
        FrozenDictionary<string, SourceConfig> byName = sources.ToFrozenDictionary(source => source.Name);
        PoolConfig[] pools = [.. sections.Select(section => Read(section, names, byName))];
        pools = [.. pools, .. OfAdapters(sources).ExceptBy(pools.Select(pool => pool.Name), pool => pool.Name)];
        for (int i = 0; i < sections.Count; i++)
            CheckFallback(sections[i], pools[i], pools);
        return pools;
    }

    /// <summary>An adapter is served as <c>source:adapter</c> by itself; a pool of that name goes before.</summary>
    private static IEnumerable<PoolConfig> OfAdapters(IReadOnlyList<SourceConfig> sources) =>
        from source in sources
        from adapter in source.Engine?.Adapters.Keys ?? []
        select new PoolConfig
        {
            Name = $"{source.Name}:{adapter}",
            Line = source.Line,
            Policy = DefaultPolicy,
            Members = [new MemberConfig(source.Name, adapter, Weight: 1, Tags: [])],
        };

    private static PoolConfig Read(Section section, UniqueNames names, FrozenDictionary<string, SourceConfig> sources)
    {
        MemberConfig[] members = ReadMembers(section, sources);
        string policy = section.FindText("policy") ?? DefaultPolicy;
        PolicyPlugin? plugin = ReadPlugin(section, policy);
        if (plugin is null && !PolicyRegistry.Knows(policy))
            throw section.Error("policy", $"'{policy}' {(policy == "learned" ? "is not built yet" : "is no policy")}; "
                + $"there are {string.Join(", ", PolicyRegistry.Names)} and {PluginPrefix}NAME");
        RefuseUnread(section, policy, "rules", "content", "light-deep");
        RefuseUnread(section, policy, "session_header", "session");
        return new PoolConfig
        {
            Name = names.Take(section),
            Line = section.Line,
            Fingerprint = section.Canonical + plugin?.Hash,
            Policy = policy,
            Plugin = plugin,
            Members = members,
            Fallback = section.FindTexts("fallback"),
            Retry = ReadRetry(section),
            Hedge = ReadHedge(section),
            Breaker = ReadBreaker(section),
            Limits = LimitsReader.Read(section),
            Rules = ReadRules(section, members),
            SessionHeader = section.FindText("session_header"),
        };
    }

    /// <summary>The policy of <c>plugins/NAME.dll</c> beside the file; null where another one is named.</summary>
    private static PolicyPlugin? ReadPlugin(Section section, string policy)
    {
        if (!policy.StartsWith(PluginPrefix, StringComparison.Ordinal))
            return null;
        string name = policy[PluginPrefix.Length..];
        if (name.Length == 0 || name[0] == '.' || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
            throw section.Error("policy", $"'{name}' is no name of a plugin: letters, digits, '.', '-' and '_', as in plugins/NAME.dll beside the file");
        if (!PolicyPlugin.IsSupported)
            throw section.Error("policy", "this executable was built without what plugins may need (trimmed): use one that was not");
        string file = Path.Combine(section.Folder, "plugins", $"{name}.dll");
        try
        {
            return PolicyPlugin.Load(file);
        }
        catch (PolicyPluginException e)
        {
            throw section.Error("policy", $"{file}: {e.Message}");
        }
    }

    /// <summary>A key that the pool's policy does not read would be believed to do something.</summary>
    private static void RefuseUnread(Section section, string policy, string key, params string[] readers)
    {
        if (section.Has(key) && !readers.Contains(policy))
            throw section.Error(key, $"the policy '{policy}' does not look at it; {string.Join(" and ", readers)} would");
    }

    private static MemberConfig[] ReadMembers(Section section, FrozenDictionary<string, SourceConfig> sources)
    {
        MemberConfig[] members = [.. section.FindSections("members", ["source", "model", "weight", "tags"],
            ("arm", "there is no split")).Select(member => ReadMember(member, sources))];
        return members.Length > 0 ? members : throw section.Error("members", "at least one is needed");
    }

    private static MemberConfig ReadMember(Section member, FrozenDictionary<string, SourceConfig> sources)
    {
        string name = member.RequireText("source");
        if (!sources.TryGetValue(name, out SourceConfig? source))
            throw member.Error("source", $"there is no source '{name}'; there are {string.Join(", ", sources.Keys.Order())}");
        string model = member.FindText("model") ?? (source.Engine is { } engine ? engine.Model
            : source.Remote!.Models.Count == 1 ? source.Remote.Models.Keys.Single() : member.RequireText("model"));
        if (source.Engine is { } own && !own.Models.Contains(model))
            throw member.Error("model", $"the source '{name}' has the model '{own.Model}'{Adapters(own)}");
        if (source.Remote is { Models.Count: > 0 } remote && !remote.Models.ContainsKey(model))
            throw member.Error("model", $"the source '{name}' has no model '{model}'; it has {string.Join(", ", remote.Models.Keys)}");
        return new MemberConfig(name, model, member.FindNumber("weight", 0.001, 1e6) ?? 1, member.FindTexts("tags"));
    }

    private static string Adapters(EngineConfig engine) =>
        engine.Adapters.Count > 0 ? $" and the adapters {string.Join(", ", engine.Adapters.Keys)}" : "";

    /// <summary>A fallback must exist. Two pools may be each other's: the fallbacks of a fallback are not asked.</summary>
    private static void CheckFallback(Section section, PoolConfig pool, PoolConfig[] pools)
    {
        foreach (string name in pool.Fallback)
        {
            PoolConfig other = Array.Find(pools, candidate => candidate.Name == name) ?? throw section.Error(
                "fallback", $"there is no pool '{name}'; there are {string.Join(", ", pools.Select(known => known.Name))}");
            if (other == pool)
                throw section.Error("fallback", "a pool cannot be its own fallback");
        }
    }

    private static RetryConfig ReadRetry(Section section)
    {
        var defaults = new RetryConfig();
        return section.FindSection("retry", ["attempts", "budget", "pause"]) is { } retry
            ? new RetryConfig(
                retry.FindInteger("attempts", 1, 10) ?? defaults.Attempts, retry.FindShare("budget") ?? defaults.Budget,
                retry.FindDuration("pause") ?? defaults.Pause)
            : defaults;
    }

    private static HedgeConfig? ReadHedge(Section section)
    {
        if (section.FindSection("hedge", ["after"]) is not { } hedge)
            return null;
        string after = hedge.RequireText("after");
        if (after.StartsWith('p') && int.TryParse(after.AsSpan(1), out int percent) && percent is >= 50 and <= 99)
            return new HedgeConfig(percent / 100.0, null);
        return Quantity.TryParseDuration(after, out TimeSpan delay)
            ? new HedgeConfig(null, delay)
            : throw hedge.Error("after", $"p50 to p99, or a time such as 800ms, not '{after}'");
    }

    private static BreakerConfig ReadBreaker(Section section)
    {
        var defaults = new BreakerConfig();
        return section.FindSection("breaker", ["errors", "window", "open"]) is { } breaker
            ? new BreakerConfig(
                breaker.FindShare("errors") ?? defaults.Errors, breaker.FindDuration("window") ?? defaults.Window,
                breaker.FindDuration("open") ?? defaults.Open)
            : defaults;
    }

    private static RuleConfig[] ReadRules(Section section, MemberConfig[] members) =>
        [.. section.FindSections("rules", ["to", "header", "matches", "script", "min_tokens", "max_tokens"])
            .Select(rule => ReadRule(rule, members))];

    private static RuleConfig ReadRule(Section rule, MemberConfig[] members)
    {
        string to = rule.RequireText("to");
        if (!members.Any(member => member.Tags.Contains(to)))
            throw rule.Error("to", $"no member has the tag '{to}'");
        string? script = rule.FindText("script");
        if (script is not null && !Scripts.Names.Contains(script))
            throw rule.Error("script", $"one of {string.Join(", ", Scripts.Names)}, not '{script}'");
        return new RuleConfig
        {
            To = to,
            Header = rule.FindText("header"),
            Matches = ReadExpression(rule),
            Script = script,
            MinTokens = rule.FindInteger("min_tokens", 0, int.MaxValue),
            MaxTokens = rule.FindInteger("max_tokens", 0, int.MaxValue),
        };
    }

    private static string? ReadExpression(Section rule)
    {
        string? expression = rule.FindText("matches");
        try
        {
            if (expression is not null)
                _ = new Regex(expression, RegexOptions.NonBacktracking);
            return expression;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw rule.Error("matches", $"this is no regular expression that can be used here: {e.Message}");
        }
    }
}

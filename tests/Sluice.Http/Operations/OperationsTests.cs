using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Http.Fakes;

namespace Sluice.Http.Operations;

/// <summary>The dashboard and the alerts in ops/, by what the server really tells and by a real Prometheus.</summary>
public sealed partial class OperationsTests
{
    private const string Answer = """{"id":"1","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5}}""";

    [Fact]
    public async Task Rules_Promtool_FindsNoFaultAndTheirTestsPass()
    {
        (int code, string output) = await Prometheus.CheckAsync("check", "config", "prometheus.yml");
        Assert.True(code == 0, output);
        (code, output) = await Prometheus.CheckAsync("test", "rules", "sluice.tests.yml");
        Assert.True(code == 0, output);
    }

    /// <summary>A name that was changed in the server would leave a panel empty and an alert silent, which nobody notices.</summary>
    [Fact]
    public async Task DashboardAndRules_EveryMetricTheyName_IsTold()
    {
        await using var upstream = new FakeUpstream(exchange => exchange.AnswerAsync(Answer));
        await using PooledUpstream pool = await PooledUpstream.StartAsync(upstream, "openai");
        HashSet<string> told = [.. Types().Matches(await MetricsReader.ReadAsync(pool.Server)).SelectMany(NamesOf)];

        string[] named = [.. Expressions().SelectMany(expression => Names().Matches(expression)).Select(match => match.Value).Distinct()];

        Assert.True(named.Length > 30, "the files name fewer metrics than they have panels");
        Assert.Empty(named.Except(told));
    }

    [Fact]
    public async Task Metrics_RealPrometheus_ScrapesThemAndLoadsTheRules()
    {
        await using var upstream = new FakeUpstream(exchange => exchange.AnswerAsync(Answer));
        await using PooledUpstream pool = await PooledUpstream.StartAsync(upstream, "openai");
        using HttpResponseMessage response = await pool.Server.PostAsync("/v1/chat/completions", """{"model":"fake"}""");
        using Prometheus prometheus = Prometheus.Start(pool.Server.Url.Authority);

        JsonElement found = await prometheus.QueryAsync("""sluice_pool_requests_total{pool="fake",outcome="ok"}""", IsOne);
        JsonElement tokens = await prometheus.QueryAsync("""sluice_source_tokens_total{source="remote",kind="prompt"}""", data => Results(data) == 1);
        JsonElement rules = await prometheus.AskAsync("rules", data => Rules(data).All(rule => rule.GetProperty("health").GetString() == "ok"));

        Assert.Equal("sluice", found.GetProperty("result")[0].GetProperty("metric").GetProperty("job").GetString());
        Assert.Equal("7", tokens.GetProperty("result")[0].GetProperty("value")[1].GetString());
        Assert.Equal(10, Rules(rules).Count());
        foreach (string expression in Expressions())
            await prometheus.QueryAsync(expression, _ => true);
    }

    private static bool IsOne(JsonElement data) => Results(data) == 1 && data.GetProperty("result")[0].GetProperty("value")[1].GetString() == "1";

    private static int Results(JsonElement data) => data.GetProperty("result").GetArrayLength();

    private static IEnumerable<JsonElement> Rules(JsonElement data) =>
        data.GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray());

    /// <summary>What panels and alerts ask for, with Grafana's variables filled in as it does.</summary>
    private static IEnumerable<string> Expressions()
    {
        JsonElement dashboard = JsonElement.Parse(File.ReadAllText(Prometheus.DashboardFile));
        IEnumerable<string> panels = dashboard.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!
                .Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal));
        string rules = File.ReadAllText(Path.Combine(Prometheus.OpsFolder, "sluice.rules.yml"));
        return panels.Concat(RuleExpressions().Matches(rules).Select(match => match.Groups[1].Value.TrimStart('|').Trim()));
    }

    private static IEnumerable<string> NamesOf(Match type) => type.Groups[2].Value == "histogram"
        ? [$"{type.Groups[1].Value}_bucket", $"{type.Groups[1].Value}_sum", $"{type.Groups[1].Value}_count"]
        : [type.Groups[1].Value];

    [GeneratedRegex(@"^# TYPE (\S+) (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Types();

    [GeneratedRegex(@"\b(?:sluice|process|dotnet)_[a-z0-9_]+")]
    private static partial Regex Names();

    // An expression goes on for as long as lines are indented further than its key.
    [GeneratedRegex(@"^ {8}expr: (.*(?:\n {10,}.*)*)$", RegexOptions.Multiline)]
    private static partial Regex RuleExpressions();
}

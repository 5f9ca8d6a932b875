using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Http.Fakes;
using Sluice.Protocol.Sources;

namespace Sluice.Http.Endpoints;

public sealed partial class MetricsTests
{
    [Fact]
    public async Task Get_AfterRequests_CountsThem()
    {
        var load = new SourceLoad(Running: 2, Queued: 3, KvBlocksUsed: 4, KvBlocksCached: 6, KvBlocks: 15)
        {
            PrefixHitTokens = 16, PrefixMissTokens = 17, KvEvictions = 18, Preemptions = 19, PromptTokensComputed = 20,
            TokensGenerated = 21, ColdBlocks = 22, ColdReads = 23, ColdWrites = 24, ColdFailed = true, KvBlocksPinned = 25,
        };
        var source = new ScriptedSource { Load = load };
        await using TestServer server = await TestServer.StartAsync(source);
        (await server.PostAsync("/v1/completions", """{"model":"fake","prompt":"x"}""")).Dispose();
        (await server.PostAsync("/v1/completions", """{"model":"fake","prompt":"x","stream":true}""")).Dispose();
        (await server.PostAsync("/v1/completions", """{"model":"fake"}""")).Dispose();
        (await server.PostAsync("/v1/whatever", "{}")).Dispose();

        await MetricsReader.WaitForAsync(server, """sluice_requests_total{endpoint="/v1/completions",status="200"} 2""");
        await MetricsReader.WaitForAsync(server, """sluice_requests_total{endpoint="/v1/completions",status="400"} 1""");
        await MetricsReader.WaitForAsync(server, """sluice_requests_total{endpoint="none",status="404"} 1""");
        Dictionary<string, double> samples = Parse(await MetricsReader.ReadAsync(server));
        Assert.Equal(0, samples["""sluice_requests_in_flight{endpoint="/v1/completions"}"""]);
        Assert.Equal(3, samples["""sluice_request_duration_seconds_count{endpoint="/v1/completions"}"""]);
        Assert.Equal(1, samples["""sluice_time_to_first_token_seconds_count{model="fake"}"""]);
        Assert.Equal(4, samples["""sluice_inter_token_seconds_count{model="fake"}"""]);
        Assert.Equal(14, samples["""sluice_prompt_tokens_total{model="fake"}"""]);
        Assert.Equal(6, samples["""sluice_cached_prompt_tokens_total{model="fake"}"""]);
        Assert.Equal(10, samples["""sluice_completion_tokens_total{model="fake"}"""]);
        Assert.Equal(2, samples["""sluice_source_running{source="scripted"}"""]);
        Assert.Equal(3, samples["""sluice_source_queued{source="scripted"}"""]);
        Assert.Equal(4, samples["""sluice_source_kv_blocks_used{source="scripted"}"""]);
        Assert.Equal(6, samples["""sluice_source_kv_blocks_cached{source="scripted"}"""]);
        Assert.Equal(25, samples["""sluice_source_kv_blocks_pinned{source="scripted"}"""]);
        Assert.Equal(15, samples["""sluice_source_kv_blocks{source="scripted"}"""]);
        Assert.Equal(22, samples["""sluice_source_kv_cold_blocks{source="scripted"}"""]);
        Assert.Equal(23, samples["""sluice_source_kv_cold_reads_total{source="scripted"}"""]);
        Assert.Equal(24, samples["""sluice_source_kv_cold_writes_total{source="scripted"}"""]);
        Assert.Equal(1, samples["""sluice_source_kv_cold_failed{source="scripted"}"""]);
        Assert.Equal(16, samples["""sluice_source_prefix_hit_tokens_total{source="scripted"}"""]);
        Assert.Equal(17, samples["""sluice_source_prefix_miss_tokens_total{source="scripted"}"""]);
        Assert.Equal(18, samples["""sluice_source_kv_evictions_total{source="scripted"}"""]);
        Assert.Equal(19, samples["""sluice_source_preemptions_total{source="scripted"}"""]);
        Assert.Equal(20, samples["""sluice_source_prompt_tokens_computed_total{source="scripted"}"""]);
        Assert.Equal(21, samples["""sluice_source_tokens_generated_total{source="scripted"}"""]);
        Assert.InRange(samples["process_resident_memory_bytes"], 1e6, 1e11);
        Assert.InRange(samples["process_cpu_seconds_total"], 0.001, 1e6);
    }

    [Fact]
    public async Task Get_Histogram_IsCumulativeAndEndsWithItsCount()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());
        for (int i = 0; i < 5; i++)
            (await server.PostAsync("/v1/completions", """{"model":"fake","prompt":"x","stream":true}""")).Dispose();
        await MetricsReader.WaitForAsync(server, """sluice_requests_total{endpoint="/v1/completions",status="200"} 5""");

        string text = await MetricsReader.ReadAsync(server);

        const string name = "sluice_inter_token_seconds_bucket";
        double[] buckets = [.. text.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal)).Select(ValueOf)];
        Assert.Equal(12, buckets.Length);
        Assert.Equal(buckets.Order(), buckets);
        Assert.Equal(20, buckets[^1]);
        Assert.Contains("""sluice_inter_token_seconds_bucket{model="fake",le="+Inf"} 20""", text, StringComparison.Ordinal);
        Assert.Contains("""sluice_inter_token_seconds_bucket{model="fake",le="0.0025"} """, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_Text_FollowsTheFormatLineByLine()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource("odd\"name\\"));
        (await server.PostAsync("/v1/completions", """{"model":"odd\"name\\","prompt":"x"}""")).Dispose();

        using HttpResponseMessage response = await server.Client.GetAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        string[] lines = text.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.Matches(Line(), line));
        string[] types = [.. lines.Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal))];
        Assert.Equal(types.Length, types.Distinct().Count());
        Assert.Contains("""{model="odd\"name\\"}""", text, StringComparison.Ordinal);
    }

    [GeneratedRegex("""^(# HELP [a-z_]+ .+|# TYPE [a-z_]+ (counter|gauge|histogram)|[a-z_]+(\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="([^"\\]|\\.)*")*\})? [0-9.E+-]+)$""")]
    private static partial Regex Line();

    private static Dictionary<string, double> Parse(string text) => text.Split('\n')
        .Where(line => line.Length > 0 && line[0] != '#')
        .ToDictionary(line => line[..line.LastIndexOf(' ')], ValueOf);

    private static double ValueOf(string line) => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
}

using Sluice.Gateway.Configuration;

namespace Sluice.Tests.Gateway.Configuration;

public sealed class GatewayConfigTests
{
    private const string Minimal = """
        sources:
          - { name: local, kind: engine, model: demo }
        pools:
          - name: chat
            members: [{ source: local }]
        """;

    private const string Hash = "sha256:0000000000000000000000000000000000000000000000000000000000000001";

    [Fact]
    public void Parse_MinimalFile_FillsInTheDefaults()
    {
        GatewayConfig config = Parse(Minimal);
        Assert.Equal("demo", config.Sources[0].Engine!.Model);
        Assert.Equal("demo", config.Pools[0].Members[0].Model);
        Assert.Equal("least-connections", config.Pools[0].Policy);
        Assert.True(config.Anonymous);
    }

    [Fact]
    public void Parse_EveryBuiltKey_ArrivesInItsRecord()
    {
        GatewayConfig config = Parse($$"""
            server: { urls: [http://127.0.0.1:9000], max_body: 20MB }
            sources:
              - name: local
                kind: engine
                model: demo
                replicas: 2
                kv: { type: q8_0, memory: 2GB }
                batch: { max_sequences: 32, max_tokens: 2048 }
                draft: ngram
              - name: provider
                kind: openai
                url: https://api.example.com/v1/
                models: { small: gpt-small-2026 }
                price: { small: { input: 0.15, output: 0.60, cached_input: 0.08 } }
                limits: { concurrency: 64, requests_per_minute: 3000, tokens_per_minute: 400000 }
                timeout: { connect: 2s, first_token: 30s, total: 10m }
                health: { path: /models, every: 5s, fall: 3, rise: 2 }
            pools:
              - name: chat
                policy: content
                members:
                  - { source: local, model: demo, weight: 3 }
                  - { source: provider, model: small, weight: 1, tags: [deep] }
                fallback: [backup]
                retry: { attempts: 3, budget: 20% }
                hedge: { after: p95 }
                breaker: { errors: 40%, window: 20s, open: 5s }
                rules: [{ to: deep, matches: "(?i)prove", min_tokens: 100 }]
              - name: backup
                members: [{ source: provider }]
            keys:
              - { name: app, role: developer, hash: "{{Hash}}", expires: 2027-01-01, priority: 5, limits: { concurrency: 4 } }
            access: { anonymous: false, roles: [admin, developer] }
            limits: { requests_per_second: 2000, queue: { length: 10, wait: 2s }, adaptive: true }
            telemetry: { log: json, metrics: false }
            store: none
            """);

        Assert.Equal(["http://127.0.0.1:9000"], config.Server.Urls!);
        Assert.Equal(20L << 20, config.Server.MaxBodyBytes);
        EngineConfig engine = config.Sources[0].Engine!;
        Assert.Equal((2, "q8_0", 2L << 30, 32, 2048), (engine.Replicas, engine.KvType, engine.KvBytes!.Value, engine.MaxSequences!.Value, engine.MaxTokens!.Value));
        Assert.Equal("ngram", engine.Draft);
        SourceConfig provider = config.Sources[1];
        Assert.Equal("https://api.example.com/v1", provider.Remote!.Url.ToString());
        Assert.Equal("gpt-small-2026", provider.Remote.Models["small"]);
        Assert.Equal(new PriceConfig(0.15, 0.60, 0.08), provider.Prices["small"]);
        Assert.Equal(new RateConfig { Concurrency = 64, RequestsPerMinute = 3000, TokensPerMinute = 400000 }, provider.Limits);
        Assert.Equal(new TimeoutConfig(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10)), provider.Timeouts);
        Assert.Equal(new HealthConfig("/models", TimeSpan.FromSeconds(5), 3, 2), provider.Health);
        PoolConfig chat = config.Pools[0];
        Assert.Equal(["backup"], chat.Fallback);
        Assert.Equal((3, 0.2), (chat.Retry.Attempts, chat.Retry.Budget));
        Assert.Equal(new HedgeConfig(0.95, null), chat.Hedge);
        Assert.Equal(new BreakerConfig(0.4, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(5)), chat.Breaker);
        Assert.Equal(new RuleConfig { To = "deep", Matches = "(?i)prove", MinTokens = 100 }, chat.Rules[0]);
        KeyConfig key = config.Keys[0];
        Assert.Equal((KeyRole.Developer, 1, 5, 4), (key.Role, key.Hash.Span[31], key.Priority, key.Limits.Concurrency!.Value));
        Assert.Equal(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), key.Expires);
        Assert.Equal((2000, 10, TimeSpan.FromSeconds(2), true),
            ((int)config.Limits.Rates.RequestsPerSecond!.Value, config.Limits.QueueLength, config.Limits.QueueWait, config.Limits.Adaptive));
        Assert.Equal(new TelemetryConfig(LogForm.Json, Metrics: false), config.Telemetry);
    }

    /// <summary>The two ports have meanings by custom; every other one is told, or takes gRPC.</summary>
    [Theory]
    [InlineData("otlp: http://127.0.0.1:4317", OtlpForm.Grpc)]
    [InlineData("otlp: http://collector:4318", OtlpForm.Http)]
    [InlineData("otlp: https://collector", OtlpForm.Grpc)]
    [InlineData("otlp: https://collector/base, otlp_protocol: http", OtlpForm.Http)]
    [InlineData("otlp: http://127.0.0.1:4318, otlp_protocol: grpc", OtlpForm.Grpc)]
    public void Parse_Collector_KnowsHowToSpeakToIt(string telemetry, OtlpForm form)
    {
        OtlpConfig? otlp = Parse($"{Minimal}\ntelemetry: {{ {telemetry} }}").Telemetry.Otlp;

        Assert.Equal(form, otlp?.Form);
    }

    /// <summary>Each with the line it must name and words that tell what is allowed there.</summary>
    [Theory]
    [InlineData("sources:\n  - { name: a, kind: engine, model: demo, color: red }", 2, "no key 'color'", "replicas")]
    [InlineData("pols: []", 1, "no key 'pols'", "pools")]
    [InlineData("sources:\n  - { name: a, kind: engin }", 2, "engine, ", "not 'engin'")]
    [InlineData("sources:\n  - name: a\n    kind: engine\n    url: http://x", 4, "no key 'url'", "replicas")]
    [InlineData("sources:\n  - name: a\n    kind: engine\n    model: demo\n    replicas: many", 5, "whole number", "many")]
    [InlineData("sources:\n  - name: a\n    kind: engine\n    model: demo\n    kv: { memory: 2 }", 5, "256MB", "not '2'")]
    [InlineData("sources: 5", 1, "a list", "single value")]
    [InlineData("sources:\n  - { name: a, kind: engine, model: demo }\n  - { name: a, kind: engine, model: demo }", 3, "two sources", "line 2")]
    [InlineData("sources:\n  - name: a\n    name: b", 3, "twice", "line 2")]
    [InlineData("sources:\n  - name: a\n    kind: openai\n    url: http://x\n    key: sk-123", 5, "env:NAME", "never")]
    [InlineData("sources:\n  - name: a\n    kind: openai\n    url: http://x\n    key: env:SLUICE_NO_SUCH_NAME", 5, "nothing in", "env:")]
    [InlineData("sources:\n  - name: a\n    kind: openai\n    url: http://x\n    key: file:/no/such/file", 5, "cannot be read", "/no/such")]
    [InlineData("sources:\n  - name: a\n    kind: openai\n    url: ftp://x", 4, "https://", "url")]
    [InlineData("sources:\n  - name: a\n    kind: llamacpp\n    command: [x]", 4, "'{port}' has to stand", "port")]
    [InlineData("sources:\n  - name: a\n    kind: vllm\n    url: http://x\n    command: [x, '{port}']", 5, "leave one of the two out", "url")]
    [InlineData("sources:\n  - name: a\n    kind: gemini\n    command: [x, '{port}']", 4, "no key 'command'", "url")]
    [InlineData("sources:\n  - name: a\n    kind: vllm\n    url: http://x\n    replicas: 2", 5, "has a 'command'", "replicas")]
    [InlineData("sources:\n  - name: a\n    kind: tgi\n    command: [x, '{port}']\n    replicas: { min: 3, max: 2 }", 5, "at most 'max', which is 2", "min")]
    [InlineData("sources:\n  - name: a\n    kind: vllm\n    url: http://x\n    api_version: '1'", 5, "no key 'api_version'", "models")]
    [InlineData("sources:\n  - name: a\n    kind: azure\n    url: http://x/v1/\n    api_version: '1'", 5, "ends with /v1", "leave")]
    [InlineData("sources:\n  - name: a\n    kind: vllm\n    url: http://x\n    health: { path: models }", 5, "begins with '/'", "'/models'")]
    [InlineData("sources:\n  - name: a\n    kind: engine\n    model: demo\n    timeout: { connect: 1s }", 5, "no key 'connect'", "first_token")]
    [InlineData("sources:\n  - name: a\n    kind: engine\n    model: demo\n    adapters: { demo: x }", 5, "called as the model is", "name")]
    [InlineData("tenants: []", 1, "not built yet", "keys")]
    [InlineData("a: *b", 1, "anchor", "line")]
    [InlineData("a: &b 1", 1, "anchors", "write it out")]
    [InlineData("a: [", 1, "no YAML", ":")]
    public void Parse_Mistake_NamesItsLineAndWhatIsAllowed(string text, int line, params string[] words)
    {
        var mistake = Assert.Throws<ConfigException>(() => Parse(text));
        Assert.True(mistake.Line == line || text.StartsWith("a: ", StringComparison.Ordinal), mistake.Message);
        Assert.StartsWith($"sluice.yaml:{mistake.Line}: ", mistake.Message, StringComparison.Ordinal);
        Assert.All(words, word => Assert.True(mistake.Message.Contains(word, StringComparison.Ordinal) || word == "line", mistake.Message));
    }

    [Theory]
    [InlineData("      - { source: other }", 6, "there is no source 'other'; there are local")]
    [InlineData("      - { source: local, model: big }", 6, "has the model 'demo'")]
    [InlineData("      - { source: local, weight: 0 }", 6, "a number from 0.001")]
    [InlineData("      - { source: local }\n    fallback: [none]", 7, "there is no pool 'none'; there are chat")]
    [InlineData("      - { source: local }\n    fallback: [chat]", 7, "own fallback")]
    [InlineData("      - { source: local }\n    split: { sticky: user }", 7, "not built yet")]
    [InlineData("      - { source: local }\n    hedge: { after: p100 }", 7, "p50 to p99")]
    [InlineData("      - { source: local, tags: [a] }\n    policy: content\n    rules: [{ to: b }]", 8, "no member has the tag 'b'")]
    [InlineData("      - { source: local, tags: [a] }\n    policy: content\n    rules: [{ to: a, matches: '(' }]", 8, "no regular expression")]
    [InlineData("      - { source: local, tags: [a] }\n    policy: latency\n    rules: [{ to: a }]", 8, "content and light-deep would")]
    [InlineData("      - { source: local }\n    session_header: x-user", 7, "'least-connections' does not look at it; session would")]
    public void Parse_MistakeInAPool_NamesItsLine(string rest, int line, string words)
    {
        const string start = "sources:\n  - { name: local, kind: engine, model: demo }\npools:\n  - name: chat\n    members:\n";
        var mistake = Assert.Throws<ConfigException>(() => Parse(start + rest));
        Assert.Equal(line, mistake.Line);
        Assert.Contains(words, mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind: engine, model: demo, price: { demo-8b: { input: 1, output: 1 } }", "model: demo", "which is none of its models: they are demo")]
    [InlineData("kind: openai, url: http://x, models: { small: gpt-small }, price: { gpt-small: { input: 1, output: 1 } }", "model: small", "they are small")]
    [InlineData("kind: openai, url: http://x, price: { gpt-smal: { input: 1, output: 1 } }", "model: gpt-small", "they are gpt-small")]
    public void Parse_PriceOfNoModel_IsRefused(string source, string member, string words)
    {
        var mistake = Assert.Throws<ConfigException>(() => Parse(
            $"sources:\n  - {{ name: a, {source} }}\npools:\n  - {{ name: chat, members: [{{ source: a, {member} }}] }}"));
        Assert.Equal(2, mistake.Line);
        Assert.Contains(words, mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys: [{ name: a, hash: 'sha256:12' }]", "64 lower-case")]
    [InlineData("keys: [{ name: a, tenant: t, hash: '" + Hash + "' }]", "not built yet")]
    [InlineData("keys: [{ name: 'a b', hash: '" + Hash + "' }]", "letters, digits")]
    [InlineData("keys: [{ name: a, hash: '" + Hash + "', expires: tomorrow }]", "2027-01-01")]
    [InlineData("access: { anonymous: false }", "nobody could get in")]
    [InlineData("access: { roles: [king] }", "no role 'king'")]
    [InlineData("access: { jwt: { issuer: x } }", "not built yet")]
    [InlineData("telemetry: { audit: file:audit.log }", "not built yet")]
    [InlineData("telemetry: { otlp: 'localhost:4317' }", "such as http://127.0.0.1:4317")]
    [InlineData("telemetry: { otlp: http://x, otlp_protocol: udp }", "grpc, http")]
    [InlineData("telemetry: { otlp_protocol: http }", "goes with 'otlp'")]
    [InlineData("server: { urls: http://127.0.0.1:80 }", "this is a list")]
    [InlineData("store: sqlite", "write none")]
    public void Parse_MistakeBesideThePools_IsOneClearLine(string more, string words)
    {
        var mistake = Assert.Throws<ConfigException>(() => Parse($"{Minimal}\n{more}"));
        Assert.Equal(6, mistake.Line);
        Assert.Contains(words, mistake.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', mistake.Message);
    }

    [Fact]
    public void Parse_DeeplyNestedFile_IsRefusedWithoutRecursion()
    {
        string deep = new string('[', 100_000);
        Assert.Throws<ConfigException>(() => Parse($"sources: {deep}"));
    }

    [Fact]
    public void Secret_InMessages_ShowsItsOriginOnly()
    {
        var secret = new Secret("env:KEY", "s3cret");
        Assert.Equal("env:KEY", $"{secret}");
        Assert.Equal("s3cret", secret.Reveal());
        Assert.DoesNotContain("s3cret", new RemoteConfig { Url = new Uri("http://x"), Key = secret }.ToString(), StringComparison.Ordinal);
    }

    private static GatewayConfig Parse(string text) => GatewayConfig.Parse("sluice.yaml", text);
}

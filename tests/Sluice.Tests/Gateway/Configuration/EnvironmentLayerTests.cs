using System.Collections;
using Sluice.Gateway.Configuration;

namespace Sluice.Tests.Gateway.Configuration;

/// <summary>What environment variables say in the place of a file.</summary>
public sealed class EnvironmentLayerTests
{
    private const string File = """
        server: { urls: [http://127.0.0.1:1], max_body: 5MB }
        sources:
          - { name: a.b-c, kind: vllm, url: http://x, models: { m: m } }
          - { name: other, kind: vllm, url: http://y, models: { m: m } }
        pools:
          - { name: chat, members: [{ source: other }] }
        """;

    [Fact]
    public void Apply_Variables_GoBeforeTheFileAndMakeWhatItLacks()
    {
        GatewayConfig config = Parse(
            ("SLUICE_SERVER__URLS", "[http://0.0.0.0:2, 'http://[::1]:3']"), ("SLUICE_SERVER__MAX_BODY", "7MB"),
            ("SLUICE_SOURCES__A_B_C__URL", "http://z:8000/v1"), ("SLUICE_POOLS__CHAT__POLICY", "latency"),
            ("SLUICE_LIMITS__QUEUE__WAIT", "3s"), ("SLUICE_TELEMETRY", "{ metrics: false }"));
        Assert.Equal(["http://0.0.0.0:2", "http://[::1]:3"], config.Server.Urls!);
        Assert.Equal(7L << 20, config.Server.MaxBodyBytes);
        Assert.Equal(["http://z:8000/v1", "http://y/"], config.Sources.Select(source => source.Remote!.Url.ToString()));
        Assert.Equal(("latency", TimeSpan.FromSeconds(3), false), (config.Pools[0].Policy, config.Limits.QueueWait, config.Telemetry.Metrics));
    }

    [Fact]
    public void Apply_WholeAndPartOfIt_ThePartGoesBefore()
    {
        GatewayConfig config = Parse(("SLUICE_LIMITS__CONCURRENCY", "7"), ("SLUICE_LIMITS", "{ concurrency: 3, adaptive: true }"));
        Assert.Equal((7, true), (config.Limits.Rates.Concurrency!.Value, config.Limits.Adaptive));
    }

    [Fact]
    public void Apply_OtherPeoplesVariables_AreNotRead()
    {
        GatewayConfig config = Parse(("SLUICE_KERNELS", "avx2"), ("SLUICE_API_KEY", "x"), ("SERVER__MAX_BODY", "?"), ("SLUICE_SERVER__MAX_BODY", ""));
        Assert.Equal(5L << 20, config.Server.MaxBodyBytes);
    }

    [Theory]
    [InlineData("SLUICE_SERVER__MAX_BODI", "1MB", "server has no key 'max_bodi'")]
    [InlineData("SLUICE_SERVER__MAX_BODY", "much", "server.max_body: a size such as 256MB")]
    [InlineData("SLUICE_SERVER__URLS", "http://127.0.0.1:1", "server.urls: this is a list")]
    [InlineData("SLUICE_SOURCES__NOBODY__URL", "http://x", "there is no entry NOBODY; there are A_B_C, OTHER")]
    [InlineData("SLUICE_LIMITS", "[", "this is no YAML")]
    [InlineData("SLUICE_TENANTS", "[]", "not built yet")]
    public void Apply_Mistake_NamesTheVariable(string variable, string value, string words)
    {
        var mistake = Assert.Throws<ConfigException>(() => Parse((variable, value)));
        Assert.StartsWith($"{variable}:", mistake.Message, StringComparison.Ordinal);
        Assert.Contains(words, mistake.Message, StringComparison.Ordinal);
    }

    private static GatewayConfig Parse(params (string Name, string Value)[] variables)
    {
        IDictionary environment = variables.ToDictionary(variable => variable.Name, variable => variable.Value);
        return GatewayConfig.Parse("sluice.yaml", File, environment);
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Text;
using Sluice.Gateway.Admission;
using Sluice.Gateway.Configuration;
using Sluice.Http.Fakes;
using Sluice.Server;

namespace Sluice.Http.Access;

public sealed class KeyTests
{
    private const string Ask = """{"model":"fake","messages":[{"role":"user","content":"hi"}]}""";

    [Theory]
    [InlineData("Authorization", "Bearer right")]
    [InlineData("x-api-key", "right")]
    [InlineData("api-key", "right")]
    public async Task Ask_WithItsKey_IsAnsweredAndTheSourceLearnsTheNameOnly(string header, string value)
    {
        var source = new ScriptedSource();
        await using TestServer server = await StartAsync(source);
        server.Client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        using HttpResponseMessage answer = await server.PostAsync("/v1/chat/completions", Ask);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(("app", "app"), (source.Contexts.Single().Key, source.Contexts.Single().Tenant));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer ")]
    [InlineData("Basic right")]
    public async Task Ask_WithoutItsKey_Gets401InTheDialectsShape(string? authorization)
    {
        var source = new ScriptedSource();
        await using TestServer server = await StartAsync(source);
        if (authorization is not null)
            server.Client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        using HttpResponseMessage answer = await server.PostAsync("/v1/chat/completions", Ask);
        ErrorBody error = await ErrorBody.ReadAsync(answer);
        Assert.Equal((401, "invalid_api_key"), (error.Status, error.Code));
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        Assert.DoesNotContain("wrong", error.Message, StringComparison.Ordinal);
        Assert.Empty(source.Seen);
    }

    [Theory]
    [InlineData("/v1/models", 401)]
    [InlineData("/metrics", 401)]
    [InlineData("/health", 200)]
    [InlineData("/health/live", 200)]
    public async Task Look_WithoutAKey_OnlyHealthIsOpen(string path, int status)
    {
        await using TestServer server = await StartAsync(new ScriptedSource());
        using HttpResponseMessage answer = await server.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Ask_OverTheLimit_Gets429WithTheTimeAfterWhichItIsLetIn()
    {
        await using TestServer server = await StartAsync(new ScriptedSource(), new RateConfig { RequestsPerMinute = 1 });
        server.Client.DefaultRequestHeaders.TryAddWithoutValidation("x-api-key", "right");
        using (HttpResponseMessage first = await server.PostAsync("/v1/chat/completions", Ask))
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using HttpResponseMessage second = await server.PostAsync("/v1/chat/completions", Ask);
        ErrorBody error = await ErrorBody.ReadAsync(second);
        Assert.Equal((429, "rate_limit_error"), (error.Status, error.Type));
        Assert.InRange(int.Parse(error.RetryAfter!, provider: null), 50, 60);
    }

    [Fact]
    public async Task Serve_SomethingElse_IsWhatTheNextRequestMeets()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());
        server.Serve(Serving.Openly(new ModelDirectory(new ScriptedSource("other")), TimeProvider.System));
        using HttpResponseMessage gone = await server.PostAsync("/v1/chat/completions", Ask);
        Assert.Equal(404, (await ErrorBody.ReadAsync(gone)).Status);
        using HttpResponseMessage there = await server.PostAsync("/v1/chat/completions", Ask.Replace("fake", "other", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, there.StatusCode);
    }

    private static Task<TestServer> StartAsync(ScriptedSource source, RateConfig? limits = null)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes("right"));
        var config = new GatewayConfig
        {
            Sources = [], Pools = [], Keys = [new KeyConfig("app", KeyRole.Developer, hash, null, 0, limits ?? new RateConfig())],
        };
        var serving = new Serving(new ModelDirectory(source), new Door(config, TimeProvider.System), []);
        return TestServer.StartAsync(new ServerOptions(), serving);
    }
}

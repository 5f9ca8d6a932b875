using Microsoft.Extensions.Options;
using Sluice.Http.Fakes;
using Sluice.Server;

namespace Sluice.Http.Lifetime;

public sealed class ServerOptionsTests
{
    [Fact]
    public void Create_OptionsOutOfRange_NamesEachOfThem()
    {
        string message = Refusal(new ServerOptions { MaxBodyBytes = 1, MaxConnections = 0, DrainTimeout = TimeSpan.FromDays(2) });

        Assert.Contains("MaxBodyBytes", message, StringComparison.Ordinal);
        Assert.Contains("MaxConnections", message, StringComparison.Ordinal);
        Assert.Contains("DrainTimeout", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("8080")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("https://127.0.0.1:8080")]
    [InlineData("http://127.0.0.1:8080/base")]
    [InlineData("http://example.com:8080")]
    [InlineData("http://unix:/tmp/socket")]
    public void Create_UrlNobodyCanListenOn_IsRefusedByName(string url) =>
        Assert.Contains($"'{url}'", Refusal(new ServerOptions { Urls = [url] }), StringComparison.Ordinal);

    [Fact]
    public void Create_NoUrl_IsRefused() => Assert.Contains("Urls", Refusal(new ServerOptions { Urls = [] }), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://*:0")]
    public async Task Start_PortZero_TellsTheRealOne(string url)
    {
        await using var server = SluiceServer.Create(new ServerOptions { Urls = [url] }, new ModelDirectory(new ScriptedSource()));

        await server.StartAsync(TestContext.Current.CancellationToken);

        Assert.Matches(@"^http://.+:[1-9]\d*$", Assert.Single(server.Urls));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_AddressThatCannotBeHad_SaysWhich(bool taken)
    {
        var models = new ModelDirectory(new ScriptedSource());
        await using TestServer other = await TestServer.StartAsync(new ScriptedSource());
        string url = taken ? $"http://127.0.0.1:{other.Url.Port}" : "http://192.0.2.1:8080";
        await using var server = SluiceServer.Create(new ServerOptions { Urls = [url] }, models);

        IOException fault = await Assert.ThrowsAsync<IOException>(() => server.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(url, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    private static string Refusal(ServerOptions options) =>
        Assert.Throws<OptionsValidationException>(() => SluiceServer.Create(options, new ModelDirectory(new ScriptedSource()))).Message;
}

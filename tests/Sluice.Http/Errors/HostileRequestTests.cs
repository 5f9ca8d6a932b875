using System.Text;
using Sluice.Http.Fakes;
using Sluice.Server;

namespace Sluice.Http.Errors;

/// <summary>No header, length or broken HTTP may do more harm than an error.</summary>
public sealed class HostileRequestTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Hello = """{"model":"fake","messages":[{"role":"user","content":"hi"}]}""";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chat_BodyAboveTheLimit_Gets413(bool announced)
    {
        await using TestServer server = await TestServer.StartAsync(new ServerOptions { MaxBodyBytes = 10_000 }, new ScriptedSource());
        string body = Hello.Replace("hi", new string('x', 20_000), StringComparison.Ordinal);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat) { Content = content };
        request.Headers.TransferEncodingChunked = !announced;

        using HttpResponseMessage response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        ErrorBody error = await ErrorBody.ReadAsync(response);
        Assert.Equal((413, "request_too_large"), (error.Status, error.Code));
        Assert.Contains("10000", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("", 415)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("application/problem+json", 200)]
    public async Task Chat_ContentType_MustBeJson(string contentType, int status)
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        using HttpResponseMessage response = await server.PostAsync(Chat, Hello, contentType);

        Assert.Equal(status, (int)response.StatusCode);
        if (status != 200)
            Assert.Equal("unsupported_media_type", (await ErrorBody.ReadAsync(response)).Code);
    }

    [Fact]
    public async Task Request_HeadersAboveTheLimit_Gets431()
    {
        await using TestServer server = await TestServer.StartAsync(new ServerOptions { MaxHeaderBytes = 16_384 }, new ScriptedSource());
        using RawConnection client = await RawConnection.OpenAsync(server.Url);

        await client.SendAsync($"GET /health HTTP/1.1\r\nHost: test\r\nX-Long: {new string('x', 20_000)}\r\n\r\n");

        await client.ReadToCloseAsync();
        Assert.StartsWith("HTTP/1.1 431 ", client.Received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n")]
    public async Task Request_BrokenHttp_Gets400AndTheServerLives(string bytes)
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());
        using RawConnection client = await RawConnection.OpenAsync(server.Url);

        await client.SendAsync(bytes);

        await client.ReadToCloseAsync();
        Assert.StartsWith("HTTP/1.1 400 ", client.Received, StringComparison.Ordinal);
        string health = await server.Client.GetStringAsync("/health", TestContext.Current.CancellationToken);
        Assert.Contains("ok", health, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_HugeAnnouncedBodiesThatNeverCome_TakeNoMemory()
    {
        await using TestServer server = await TestServer.StartAsync(new ServerOptions { MaxBodyBytes = 1L << 30 }, new ScriptedSource());
        long before = GC.GetTotalMemory(forceFullCollection: true);
        const string announcement =
            "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n{";
        var clients = new List<RawConnection>();
        for (int i = 0; i < 20; i++)
        {
            clients.Add(await RawConnection.OpenAsync(server.Url));
            await clients[i].SendAsync(announcement);
        }
        await MetricsReader.WaitForAsync(server, """sluice_requests_in_flight{endpoint="/v1/completions"} 20""");

        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;

        // 20 GB were announced. Tests beside this one allocate too, so the bound is wide.
        Assert.True(grown < 500_000_000, $"{grown} bytes are held");
        clients.ForEach(client => client.Dispose());
    }
}

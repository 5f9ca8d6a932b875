using System.Diagnostics;
using Sluice.Http.Fakes;

namespace Sluice.Http.Remote;

/// <summary>What clients see where a remote source fails.</summary>
public sealed class UpstreamFaultTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Plain = """{"model":"fake"}""";
    private const string Streamed = """{"model":"fake","stream":true}""";
    private const string Piece = """{"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}""";
    private const string Said = """{"error":{"message":"inner words","type":"x","param":"temperature","code":"y"}}""";

    [Theory]
    [InlineData(400, "", 400, "y")]
    [InlineData(422, "", 422, "y")]
    [InlineData(429, "Retry-After: 7\r\n", 429, "queue_full")]
    [InlineData(529, "", 429, "queue_full")]
    [InlineData(401, "", 500, "source_failed")]
    [InlineData(404, "", 500, "source_failed")]
    [InlineData(500, "", 500, "source_failed")]
    [InlineData(503, "Retry-After: 7\r\n", 503, "unavailable")]
    [InlineData(302, "Location: http://169.254.169.254/\r\n", 500, "source_failed")]
    public async Task Status_OtherThanSuccess_IsToldByItsKind(int status, string headers, int told, string code)
    {
        await using var upstream = new FakeUpstream(exchange => exchange.AnswerAsync(Said, status, headers: headers));
        await using TestServer server = await TestServer.StartAsync(upstream.Source());
        foreach (string body in (string[])[Plain, Streamed])
        {
            using HttpResponseMessage response = await server.PostAsync(Chat, body);

            ErrorBody error = await ErrorBody.ReadAsync(response);
            Assert.Equal((told, code), (error.Status, error.Code));
            // The source's own words are the client's business only where they are about its request.
            Assert.Equal(told is 400 or 422, error.Message.Contains("inner words", StringComparison.Ordinal));
            if (headers.StartsWith("Retry", StringComparison.Ordinal))
                Assert.Equal("7", response.Headers.GetValues("Retry-After").Single());
        }
        Assert.Equal(2, upstream.Seen.Count);
    }

    [Theory]
    [InlineData(Plain, "text/html", "<html>")]
    [InlineData(Plain, "application/json", "{\"choices\":[")]
    [InlineData(Plain, "application/json", "{\"error\":{\"message\":\"inner words\"}}")]
    [InlineData(Plain, "application/json", "[]")]
    [InlineData(Streamed, "application/json", "{}")]
    [InlineData(Streamed, "text/event-stream", "data: {\"error\":{\"message\":\"inner words\"}}\n\n")]
    [InlineData(Streamed, "text/event-stream", "")]
    [InlineData(Streamed, "text/event-stream", ": only a comment\n\n")]
    public async Task Answer_OfNoUseBeforeTheFirstByte_HasAStatusOfItsOwn(string body, string type, string answer)
    {
        await using var upstream = new FakeUpstream(exchange => exchange.AnswerAsync(answer, type: type));
        await using TestServer server = await TestServer.StartAsync(upstream.Source());

        ErrorBody error = await ErrorBody.ReadAsync(await server.PostAsync(Chat, body));

        Assert.Equal((500, "source_failed"), (error.Status, error.Code));
        Assert.DoesNotContain("inner words", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connection_BrokenBeforeTheAnswer_IsTheSourcesFault(bool reset)
    {
        await using var upstream = new FakeUpstream(exchange =>
        {
            (reset ? exchange.Reset : (Action)exchange.Close)();
            return Task.CompletedTask;
        });
        await using TestServer server = await TestServer.StartAsync(upstream.Source());

        ErrorBody error = await ErrorBody.ReadAsync(await server.PostAsync(Chat, Plain));

        Assert.Equal((500, "source_failed"), (error.Status, error.Code));
    }

    [Fact]
    public async Task Connection_Refused_IsUnavailable()
    {
        await using var upstream = new FakeUpstream(_ => Task.CompletedTask);
        var free = new UriBuilder(upstream.Url) { Port = 1 };
        await using TestServer server = await TestServer.StartAsync(upstream.Source(url: free.Uri));

        Assert.Equal(503, (await ErrorBody.ReadAsync(await server.PostAsync(Chat, Plain))).Status);
    }

    [Theory]
    [InlineData("half a frame")]
    [InlineData("reset")]
    [InlineData("no end")]
    [InlineData("error")]
    public async Task Stream_BrokenInTheMiddle_EndsWithAnErrorAndNoMark(string how)
    {
        await using var upstream = new FakeUpstream(async exchange =>
        {
            await exchange.BeginStreamAsync();
            await exchange.WriteAsync($"data: {Piece}\n\n");
            await Task.Delay(50);
            if (how == "reset")
            {
                exchange.Reset();
                return;
            }
            await exchange.WriteAsync(how == "half a frame" ? "data: {\"choices\":[{\"ind" : how == "error" ? $"data: {Said}\n\n" : "data: {}\n\n");
            await exchange.EndAsync();
        });
        await using TestServer server = await TestServer.StartAsync(upstream.Source());

        using HttpResponseMessage response = await server.PostAsync(Chat, Streamed);
        string stream = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith($"data: {Piece}\n\n", stream, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", stream, StringComparison.Ordinal);
        Assert.DoesNotContain("ind\n", stream, StringComparison.Ordinal);
        Assert.Contains("source_failed", SseReader.Data(stream)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task FirstToken_Late_IsUnavailableAndTheConnectionCloses()
    {
        var closed = new TaskCompletionSource<long>();
        await using var upstream = new FakeUpstream(async exchange =>
        {
            await exchange.BeginStreamAsync();
            await exchange.WriteAsync(": thinking\n\n");
            closed.TrySetResult(await exchange.ClosedByCaller);
        });
        await using PooledUpstream pool = await PooledUpstream.StartAsync(upstream, "openai", timeout: "{ first_token: 200ms }");

        ErrorBody error = await ErrorBody.ReadAsync(await pool.Server.PostAsync(Chat, Streamed));

        Assert.Equal(503, error.Status);
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Total_Exceeded_IsLate()
    {
        await using var upstream = new FakeUpstream(exchange => exchange.ClosedByCaller);
        await using PooledUpstream pool = await PooledUpstream.StartAsync(upstream, "openai", timeout: "{ total: 200ms }");
        long started = Stopwatch.GetTimestamp();

        ErrorBody error = await ErrorBody.ReadAsync(await pool.Server.PostAsync(Chat, Plain));

        Assert.Equal(504, error.Status);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.15, 20);
    }

    [Fact]
    public async Task Address_OfACloudsMetadata_IsNeverConnectedTo()
    {
        await using var upstream = new FakeUpstream(_ => Task.CompletedTask);
        await using TestServer server = await TestServer.StartAsync(upstream.Source(url: new Uri("http://169.254.169.254/latest")));

        ErrorBody error = await ErrorBody.ReadAsync(await server.PostAsync(Chat, Plain));

        Assert.Equal(500, error.Status);
        Assert.Contains("not allowed", error.Message, StringComparison.Ordinal);
        Assert.Contains(server.Log.Lines, line => line.Contains("allow_private", StringComparison.Ordinal));
    }
}

using System.Net;
using System.Net.Http.Headers;
using Sluice.Gateway.Configuration;
using Sluice.Http.Fakes;

namespace Sluice.Http.Remote;

/// <summary>What goes to a remote source and what comes back, byte by byte, through the whole server.</summary>
public sealed class RelayTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Answer = """{"id":"1","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":3}}}""";
    private const string Piece = """{"id":"1","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}""";
    private const string Last = """{"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";
    private const string Usage = """{"id":"1","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5}}""";

    [Fact]
    public async Task Body_OptionsNobodyHereKnows_IsForwardedAsBytesButForTheModel()
    {
        await using var upstream = new FakeUpstream(exchange => exchange.AnswerAsync(Answer));
        await using TestServer server = await TestServer.StartAsync(upstream.Source());

        using HttpResponseMessage response = await server.PostAsync(
            Chat, """{ "audio": {"voice":"ash"},  "model" : "fake" , "messages":"not even an array", "brand_new":[1, 2 ]}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Answer, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        FakeExchange seen = Assert.Single(upstream.Seen);
        Assert.Equal(
            """{ "audio": {"voice":"ash"},  "model" : "up/stream" , "messages":"not even an array", "brand_new":[1, 2 ]}""", seen.Body);
        Assert.Equal("/v1/chat/completions", seen.Path);
        Assert.Equal("Bearer secret-key", seen.Header("authorization"));
        Assert.Equal("application/json", seen.Header("content-type"));
        await MetricsReader.WaitForAsync(server, """sluice_prompt_tokens_total{model="fake"} 7""");
        await MetricsReader.WaitForAsync(server, """sluice_cached_prompt_tokens_total{model="fake"} 3""");
    }

    /// <summary>Their memory is used again: a send that was given up must not go on with what has become another's.</summary>
    [Fact]
    public async Task LongBodies_ManyAtOnceOfWhichSomeAreLeft_ArriveAsTheyWereSent()
    {
        const int Requests = 90;
        await using var upstream = new FakeUpstream(exchange => exchange.AnswerAsync(Answer));
        await using TestServer server = await TestServer.StartAsync(upstream.Source());

        await Parallel.ForEachAsync(Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (i, _) =>
        {
            using var leaving = new CancellationTokenSource();
            if (i % 3 == 0)
                leaving.CancelAfter(i % 20);
            using var body = new StringContent(BodyOf(i), MediaTypeHeaderValue.Parse("application/json"));
            try
            {
                using HttpResponseMessage response = await server.Client.PostAsync(Chat, body, leaving.Token);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
            catch (OperationCanceledException) when (i % 3 == 0)
            {
            }
        });

        string[] sent = [.. Enumerable.Range(0, Requests).Select(i => BodyOf(i).Replace("fake", "up/stream", StringComparison.Ordinal))];
        Assert.All(upstream.Seen, seen => Assert.Equal(sent[seen.Json.GetProperty("seed").GetInt32()], seen.Body));
        Assert.InRange(upstream.Seen.Select(seen => seen.Body).Distinct().Count(), Requests * 2 / 3, Requests);

        static string BodyOf(int i) => Talk(i, 200_000 + 20_000 * i);
    }

    /// <summary>What has come is moved, or what comes, whichever is less; nothing of it gets lost or into the next request.</summary>
    [Theory]
    [InlineData(300_000, 20_000)]
    [InlineData(300_000, 1)]
    [InlineData(300_000, 200_000)]
    [InlineData(900_000, 16_000)]
    [InlineData(3_000_000, 700_000)]
    public async Task LongBodies_InTwoPartsAndBehindOneAnother_ArriveAsTheyWereSent(int bytes, int first)
    {
        await using var upstream = new FakeUpstream(exchange =>
            exchange.AnswerAsync($$"""{"id":"answer {{exchange.Json.GetProperty("seed")}}","choices":[]}"""));
        await using TestServer server = await TestServer.StartAsync(upstream.Source());
        using RawConnection client = await RawConnection.OpenAsync(server.Url);

        for (int i = 0; i < 3; i++)
        {
            string body = Talk(i, bytes), next = Talk(i + 10, 100);
            await client.SendAsync(Head(body) + body[..first]);
            await Task.Delay(i * 20, TestContext.Current.CancellationToken);
            await client.SendAsync(body[first..] + Head(next) + next);
            Assert.True(await client.ReadToAsync($"answer {i + 10}"));
        }

        string[] seen = [.. upstream.Seen.Select(exchange => exchange.Body.Replace("up/stream", "fake", StringComparison.Ordinal))];
        Assert.Equal([Talk(0, bytes), Talk(10, 100), Talk(1, bytes), Talk(11, 100), Talk(2, bytes), Talk(12, 100)], seen);

        static string Head(string body) =>
            $"POST {Chat} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n";
    }

    [Fact]
    public async Task Stream_ClientDidNotAskForUsage_IsCountedButNotShown()
    {
        await using var upstream = new FakeUpstream(exchange => exchange.StreamAsync(
            Piece.Replace("\"choices\"", "\"usage\":null,\"choices\"", StringComparison.Ordinal), Last, Usage, "[DONE]"));
        await using TestServer server = await TestServer.StartAsync(upstream.Source());

        string stream = await StreamAsync(server, """{"model":"fake","stream":true}""");

        Assert.Equal($"data: {Piece}\n\ndata: {Last}\n\ndata: [DONE]\n\n", stream);
        Assert.Equal(
            """{"stream_options":{"include_usage":true},"model":"up/stream","stream":true}""", Assert.Single(upstream.Seen).Body);
        await MetricsReader.WaitForAsync(server, """sluice_completion_tokens_total{model="fake"} 5""");
    }

    [Fact]
    public async Task Stream_ClientAskedForUsage_IsRelayedAsItIs()
    {
        await using var upstream = new FakeUpstream(exchange => exchange.StreamAsync(Piece, Last, Usage, "[DONE]"));
        await using TestServer server = await TestServer.StartAsync(upstream.Source());
        const string options = "\"stream\":true,\"stream_options\":{\"include_usage\":true}}";

        string stream = await StreamAsync(server, "{\"model\":\"fake\"," + options);

        Assert.Equal($"data: {Piece}\n\ndata: {Last}\n\ndata: {Usage}\n\ndata: [DONE]\n\n", stream);
        Assert.Equal("{\"model\":\"up/stream\"," + options, Assert.Single(upstream.Seen).Body);
        await MetricsReader.WaitForAsync(server, """sluice_completion_tokens_total{model="fake"} 5""");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(50)]
    public async Task Stream_CutAnywhereAndWithReturnsAndComments_GivesTheSameEvents(int bytes)
    {
        string text = $": hello\r\n\r\ndata: {Piece}\r\n\r\nevent: x\ndata:{Last}\n\n: still here\n\ndata: {Usage}\n\ndata: [DONE]";
        await using var upstream = new FakeUpstream(async exchange =>
        {
            await exchange.BeginStreamAsync();
            foreach (char[] piece in text.Chunk(bytes))
                await exchange.WriteAsync(new string(piece));
            await exchange.EndAsync();
        });
        await using TestServer server = await TestServer.StartAsync(upstream.Source());

        string stream = await StreamAsync(server, """{"model":"fake","stream":true}""");

        Assert.Equal($"data: {Piece}\r\n\r\nevent: x\ndata:{Last}\n\n: still here\n\ndata: [DONE]\n\n", stream);
    }

    [Fact]
    public async Task Stream_ClosedWithoutTheMarkButFinished_CountsAsWhole()
    {
        await using var upstream = new FakeUpstream(exchange => exchange.StreamAsync(Piece, Last));
        await using TestServer server = await TestServer.StartAsync(upstream.Source());

        Assert.EndsWith("data: [DONE]\n\n", await StreamAsync(server, """{"model":"fake","stream":true}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_OneAfterTheOther_ShareAConnection()
    {
        await using var upstream = new FakeUpstream(exchange => exchange.Json.TryGetProperty("stream", out _)
            ? exchange.StreamAsync(Piece, Last, "[DONE]") : exchange.AnswerAsync(Answer));
        await using TestServer server = await TestServer.StartAsync(upstream.Source());

        for (int i = 0; i < 5; i++)
        {
            await StreamAsync(server, """{"model":"fake","stream":true}""");
            (await server.PostAsync(Chat, """{"model":"fake"}""")).Dispose();
        }

        Assert.Equal(1, upstream.Connections);
    }

    [Fact]
    public async Task Embeddings_AnyBody_AreRelayedAsBytes()
    {
        const string answer = """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5]}],"usage":{"prompt_tokens":4,"total_tokens":4}}""";
        await using var upstream = new FakeUpstream(exchange => exchange.AnswerAsync(answer));
        await using TestServer server = await TestServer.StartAsync(upstream.Source());

        using HttpResponseMessage response = await server.PostAsync("/v1/embeddings", """{"model":"fake","input":"x","truncate":"END"}""");

        Assert.Equal(answer, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("""{"model":"up/stream","input":"x","truncate":"END"}""", Assert.Single(upstream.Seen).Body);
        Assert.Equal("/v1/embeddings", Assert.Single(upstream.Seen).Path);
        await MetricsReader.WaitForAsync(server, """sluice_prompt_tokens_total{model="fake"} 4""");
    }

    [Theory]
    [InlineData(SourceKind.OpenAi, "http://h:1/v1", "/v1/chat/completions", "authorization", "Bearer secret-key")]
    [InlineData(SourceKind.OpenAi, "http://h:1", "/v1/chat/completions", "authorization", "Bearer secret-key")]
    [InlineData(SourceKind.OpenAi, "http://h:1/deep/api", "/deep/api/chat/completions", "authorization", "Bearer secret-key")]
    [InlineData(
        SourceKind.Azure, "http://h:1", "/openai/deployments/up%2Fstream/chat/completions?api-version=2024-10-21", "api-key", "secret-key")]
    [InlineData(SourceKind.Azure, "http://h:1/openai/v1", "/openai/v1/chat/completions", "api-key", "secret-key")]
    [InlineData(SourceKind.Vllm, "http://h:1", "/v1/chat/completions", "authorization", "Bearer secret-key")]
    [InlineData(SourceKind.Tgi, "http://h:1", "/v1/chat/completions", "authorization", "Bearer secret-key")]
    [InlineData(SourceKind.LlamaCpp, "http://h:1", "/v1/chat/completions", "authorization", "Bearer secret-key")]
    [InlineData(SourceKind.Ollama, "http://h:1", "/v1/chat/completions", "authorization", "Bearer secret-key")]
    [InlineData(SourceKind.Sluice, "http://h:1", "/v1/chat/completions", "authorization", "Bearer secret-key")]
    public async Task Kind_AnyUrl_IsAskedWhereAndHowItWants(SourceKind kind, string url, string path, string header, string value)
    {
        await using var upstream = new FakeUpstream(exchange => exchange.AnswerAsync(Answer));
        var address = new UriBuilder(url) { Host = upstream.Url.Host, Port = upstream.Url.Port };
        await using TestServer server = await TestServer.StartAsync(upstream.Source(kind, url: address.Uri));

        using HttpResponseMessage response = await server.PostAsync(Chat, """{"model":"fake"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        FakeExchange seen = Assert.Single(upstream.Seen);
        Assert.Equal((path, value), (seen.Path, seen.Header(header)));
    }

    [Fact]
    public async Task SlowClient_LongStream_HoldsBackTheSource()
    {
        int written = 0;
        string frame = $"data: {Piece.Replace("Hi", new string('x', 8000), StringComparison.Ordinal)}\n\n";
        await using var upstream = new FakeUpstream(async exchange =>
        {
            await exchange.BeginStreamAsync();
            for (int i = 0; i < 10_000; i++)
            {
                await exchange.WriteAsync(frame);
                Interlocked.Increment(ref written);
            }
        });
        await using TestServer server = await TestServer.StartAsync(upstream.Source());
        using RawConnection client = await RawConnection.OpenAsync(server.Url, receiveBufferBytes: 4096);
        await client.PostAsync(Chat, """{"model":"fake","stream":true}""");
        await client.ReadToAsync("xxx");

        int before;
        do
        {
            before = Volatile.Read(ref written);
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }
        while (Volatile.Read(ref written) != before);

        Assert.InRange(before, 1, 5_000); // what sockets and buffers hold, far from the 80 MB there are
    }

    [Fact]
    public async Task Headers_OfTheClient_DoNotReachTheSourceButForTheRequestId()
    {
        await using var upstream = new FakeUpstream(exchange => exchange.AnswerAsync(Answer));
        await using TestServer server = await TestServer.StartAsync(upstream.Source());
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat);
        request.Headers.TryAddWithoutValidation("x-request-id", "abc-1");
        request.Headers.TryAddWithoutValidation("x-forwarded-host", "http://169.254.169.254/");
        request.Headers.TryAddWithoutValidation("authorization", "Bearer of-the-client");
        request.Content = new StringContent("""{"model":"fake","messages":[]}""", null, "application/json");

        (await server.Client.SendAsync(request, TestContext.Current.CancellationToken)).Dispose();

        FakeExchange seen = Assert.Single(upstream.Seen);
        Assert.Equal("abc-1", seen.Header("x-request-id"));
        Assert.DoesNotContain("169.254", seen.Head, StringComparison.Ordinal);
        Assert.DoesNotContain("of-the-client", seen.Head, StringComparison.Ordinal);
    }

    private static async Task<string> StreamAsync(TestServer server, string body)
    {
        using HttpResponseMessage response = await server.PostAsync(Chat, body);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A request whose text differs from place to place.</summary>
    private static string Talk(int seed, int bytes) =>
        $$"""{"model":"fake","seed":{{seed}},"messages":[{"role":"user","content":"{{string.Concat(Enumerable.Range(seed, bytes / 6).Select(n => $"{n:x5} "))}}"}]}""";
}

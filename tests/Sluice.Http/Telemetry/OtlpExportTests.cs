using System.Net;
using Sluice.Gateway.Configuration;
using Sluice.Http.Fakes;
using Sluice.Server;

namespace Sluice.Http.Telemetry;

/// <summary>What a collector is sent of a request that goes through a pool to a server elsewhere.</summary>
public sealed class OtlpExportTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Body = """{"model":"fake","max_tokens":99,"messages":[{"role":"user","content":"hi"}]}""";
    private const string Answer = """{"id":"1","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":3}}}""";

    // Both from the W3C's recommendation.
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Caller = "b7ad6b7169203331";

    [Theory]
    [InlineData(OtlpForm.Http)]
    [InlineData(OtlpForm.Grpc)]
    public async Task Collector_RequestThroughAPool_GetsTheChainFromTheClientToTheSource(OtlpForm form)
    {
        await using FakeCollector collector = await FakeCollector.StartAsync(form);
        await using var upstream = new FakeUpstream(exchange => exchange.AnswerAsync(Answer));

        await AskAsync(upstream, collector, form, $"00-{Trace}-{Caller}-01", expected: HttpStatusCode.OK);

        ProtoMessage[] spans = [.. collector.Spans.Where(span => span.Hex(1) == Trace)];
        Assert.Equal(2, spans.Length);
        ProtoMessage server = spans.Single(span => span.Hex(4) == Caller), client = spans.Single(span => span != server);
        Assert.Equal(("POST " + Chat, 2ul), (server.Text(5), server.Number(6)));
        Dictionary<string, object> ofServer = Attributes(server), ofClient = Attributes(client);
        Assert.Equal(("POST", Chat, 200L), (ofServer["http.request.method"], ofServer["http.route"], ofServer["http.response.status_code"]));
        Assert.Equal("fake", ofServer["gen_ai.request.model"]);

        Assert.Equal(("chat up", 3ul, server.Hex(2)), (client.Text(5), client.Number(6), client.Hex(4)));
        Assert.Equal(("chat", "openai", "up"), (ofClient["gen_ai.operation.name"], ofClient["gen_ai.provider.name"], ofClient["gen_ai.request.model"]));
        Assert.Equal((7L, 5L, 99L), (ofClient["gen_ai.usage.input_tokens"], ofClient["gen_ai.usage.output_tokens"], ofClient["gen_ai.request.max_tokens"]));
        Assert.Equal((upstream.Url.Host, (long)upstream.Url.Port), (ofClient["server.address"], ofClient["server.port"]));
        Assert.Equal($"00-{Trace}-{client.Hex(2)}-01", Assert.Single(upstream.Seen).Header("traceparent"));
        Assert.Contains(("service.name", (object)"sluice"), collector.Resources);
    }

    [Fact]
    public async Task Collector_RequestThroughAPool_GetsMetricsByTheNamesOfTheConventions()
    {
        await using FakeCollector collector = await FakeCollector.StartAsync(OtlpForm.Http);
        await using var upstream = new FakeUpstream(exchange => exchange.AnswerAsync(Answer));

        await AskAsync(upstream, collector, OtlpForm.Http, traceparent: null, HttpStatusCode.OK);

        ProtoMessage[] metrics = [.. collector.Metrics];
        Assert.Contains("sluice.pool.requests", metrics.Select(metric => metric.Text(1)));
        // Other tests' servers are in this process too: this one's points have its source's port.
        Dictionary<string, object>[] usage = [.. metrics.Where(metric => metric.Text(1) == "gen_ai.client.token.usage")
            .SelectMany(metric => metric.At(9, 1)).Select(point => FakeCollector.Attributes(9)(point).ToDictionary())
            .Where(tags => tags.GetValueOrDefault("server.port") is long port && port == upstream.Url.Port)];
        Assert.Equal(["input", "output"], usage.Select(tags => (string)tags["gen_ai.token.type"]).Order(StringComparer.Ordinal));
        Assert.All(usage, tags => Assert.Equal(("chat", "up"), (tags["gen_ai.operation.name"], tags["gen_ai.request.model"])));
        Assert.Contains("gen_ai.client.operation.duration", metrics.Select(metric => metric.Text(1)));
    }

    [Fact]
    public async Task Collector_SourceThatFails_GetsTheErrorOnBothSpans()
    {
        await using FakeCollector collector = await FakeCollector.StartAsync(OtlpForm.Http);
        await using var upstream = new FakeUpstream(exchange => exchange.AnswerAsync("{}", status: 503));

        await AskAsync(upstream, collector, OtlpForm.Http, $"00-{Trace[..31]}d-{Caller}-01", HttpStatusCode.ServiceUnavailable);

        ProtoMessage[] spans = [.. collector.Spans.Where(span => span.Hex(1) == Trace[..31] + "d")];
        Assert.Equal(["503", "unavailable"], spans.Select(span => (string)Attributes(span)["error.type"]).Order(StringComparer.Ordinal));
        Assert.All(spans, span => Assert.Equal(2ul, span.All(15).Single().Number(3)));
    }

    /// <summary>The client decided that its trace is not kept: no span is, and the source is told the same.</summary>
    [Fact]
    public async Task Collector_TraceThatIsNotSampled_GetsNoSpanOfIt()
    {
        await using FakeCollector collector = await FakeCollector.StartAsync(OtlpForm.Http);
        await using var upstream = new FakeUpstream(exchange => exchange.AnswerAsync(Answer));

        await AskAsync(upstream, collector, OtlpForm.Http, $"00-{Trace[..31]}e-{Caller}-00", HttpStatusCode.OK);

        Assert.DoesNotContain(collector.Spans, span => span.Hex(1) == Trace[..31] + "e");
        string told = Assert.Single(upstream.Seen).Header("traceparent")!;
        Assert.StartsWith($"00-{Trace[..31]}e-", told, StringComparison.Ordinal);
        Assert.EndsWith("-00", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Source_NoCollector_IsToldTheClientsTraceAsItCame()
    {
        await using var upstream = new FakeUpstream(exchange => exchange.AnswerAsync(Answer));
        await using PooledUpstream pool = await PooledUpstream.StartAsync(upstream, "openai");

        await SendAsync(pool.Server, $"00-{Trace[..31]}f-{Caller}-01", HttpStatusCode.OK, "a=1");

        FakeExchange seen = Assert.Single(upstream.Seen);
        string told = seen.Header("traceparent")!;
        Assert.StartsWith($"00-{Trace[..31]}f-", told, StringComparison.Ordinal);
        Assert.Equal("a=1", seen.Header("tracestate"));
    }

    [Fact]
    public async Task Server_CollectorThatIsNotThere_AnswersAndSaysSo()
    {
        await using var upstream = new FakeUpstream(exchange => exchange.AnswerAsync(Answer));
        var nowhere = new OtlpConfig(new Uri("http://127.0.0.1:1"), OtlpForm.Http);
        PooledUpstream pool = await PooledUpstream.StartAsync(upstream, "openai", options: new ServerOptions { Otlp = nowhere });
        LogRecorder log = pool.Server.Log;

        await SendAsync(pool.Server, $"00-{Trace}-{Caller}-01", HttpStatusCode.OK);
        await pool.Server.StopAsync();
        await pool.DisposeAsync();

        Assert.Contains(log.Lines, line => line.Contains("do not reach http://127.0.0.1:1", StringComparison.Ordinal));
    }

    private static Dictionary<string, object> Attributes(ProtoMessage span) => FakeCollector.Attributes(9)(span).ToDictionary();

    /// <summary>Asks once and stops the server, which sends what it has.</summary>
    private static async Task AskAsync(
        FakeUpstream upstream, FakeCollector collector, OtlpForm form, string? traceparent, HttpStatusCode expected)
    {
        var options = new ServerOptions { Otlp = new OtlpConfig(collector.Url, form) };
        await using PooledUpstream pool = await PooledUpstream.StartAsync(upstream, "openai", options: options);
        await SendAsync(pool.Server, traceparent, expected);
        await pool.Server.StopAsync(); // a request's span ends just after its last byte has gone out; this waits for it
    }

    private static async Task SendAsync(TestServer server, string? traceparent, HttpStatusCode expected, string? tracestate = null)
    {
        // Without the client's own instrumentation, which would put its trace in place of this one.
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Url, Chat))
        {
            Content = new StringContent(Body, System.Text.Encoding.UTF8, "application/json"),
        };
        if (traceparent is not null)
            request.Headers.Add("traceparent", traceparent);
        if (tracestate is not null)
            request.Headers.Add("tracestate", tracestate);
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(expected, response.StatusCode);
    }
}

using System.Text.Json;
using Sluice.Gateway.Configuration;
using Sluice.Http.Fakes;
using Sluice.Http.Schemas;

namespace Sluice.Http.Remote;

/// <summary>Requests in one dialect to a source that speaks another: what is asked there, and what comes back.</summary>
public sealed class TranslationTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Messages = "/v1/messages";

    // One conversation with everything in it, as an OpenAI client sends it.
    private const string OpenAiRequest = """
        {"model":"fake","max_tokens":50,"temperature":0.5,"stop":["END"],"user":"u",
         "tools":[{"type":"function","function":{"name":"weather","description":"d","parameters":{"type":"object"}}}],"tool_choice":"required",
         "messages":[{"role":"system","content":"Be brief"},{"role":"user","content":"How warm?"},
          {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Bonn\"}"}}]},
          {"role":"tool","tool_call_id":"c1","content":"20"},{"role":"user","content":"And now?"}]}
        """;

    private static readonly string[] AnthropicStream =
    [
        """{"type":"message_start","message":{"id":"m","usage":{"input_tokens":5,"cache_read_input_tokens":3,"output_tokens":1}}}""",
        """{"type":"ping"}""",
        """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"xyz"}}""",
        """{"type":"content_block_stop","index":0}""",
        """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}""",
        """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Let me "}}""",
        """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"see"}}""",
        """{"type":"content_block_stop","index":1}""",
        """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t1","name":"weather","input":{}}}""",
        """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"city\":"}}""",
        """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"\"Bonn\"}"}}""",
        """{"type":"content_block_stop","index":2}""",
        """{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":9}}""",
        """{"type":"message_stop"}""",
    ];

    private static readonly string[] GeminiStream =
    [
        """{"candidates":[{"content":{"parts":[{"text":"hm","thought":true}],"role":"model"}}],"usageMetadata":{"promptTokenCount":8}}""",
        """{"candidates":[{"content":{"parts":[{"text":"Let me "}],"role":"model"}}]}""",
        """{"candidates":[{"content":{"parts":[{"text":"see"},{"functionCall":{"name":"weather","args":{"city":"Bonn"}}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":8,"candidatesTokenCount":7,"thoughtsTokenCount":2,"cachedContentTokenCount":3}}""",
    ];

    private static readonly string[] OpenAiStream =
    [
        """{"id":"1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""",
        """{"id":"1","choices":[{"index":0,"delta":{"reasoning_content":"hm"},"finish_reason":null}]}""",
        """{"id":"1","choices":[{"index":0,"delta":{"content":"Let me see"},"finish_reason":null}]}""",
        """{"id":"1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"weather","arguments":""}}]},"finish_reason":null}]}""",
        """{"id":"1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":\"Bonn\"}"}}]},"finish_reason":null}]}""",
        """{"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
        """{"id":"1","choices":[],"usage":{"prompt_tokens":8,"completion_tokens":9,"prompt_tokens_details":{"cached_tokens":3}}}""",
        "[DONE]",
    ];

    public static TheoryData<SourceKind> Foreign() => [SourceKind.Anthropic, SourceKind.Gemini];

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task Answer_OfAForeignApi_IsAChatCompletion(SourceKind kind)
    {
        await using var upstream = new FakeUpstream(exchange => exchange.StreamAsync(StreamOf(kind)));
        await using TestServer server = await TestServer.StartAsync(upstream.Source(kind));

        using HttpResponseMessage response = await server.PostAsync(Chat, OpenAiRequest);

        JsonElement body = await JsonAsync(response);
        ApiSchemas.Check("chat.completion", body);
        JsonElement choice = body.GetProperty("choices")[0];
        JsonElement message = choice.GetProperty("message");
        Assert.Equal(("Let me see", "hm"), (message.GetProperty("content").GetString(), message.GetProperty("reasoning_content").GetString()));
        JsonElement call = message.GetProperty("tool_calls")[0].GetProperty("function");
        Assert.Equal(("weather", """{"city":"Bonn"}"""), (call.GetProperty("name").GetString(), call.GetProperty("arguments").GetString()));
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        JsonElement usage = body.GetProperty("usage");
        Assert.Equal((8, 9), (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32()));
        Assert.Equal(3, usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32());
    }

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task Stream_OfAForeignApi_IsAStreamOfChunks(SourceKind kind)
    {
        await using var upstream = new FakeUpstream(exchange => exchange.StreamAsync(StreamOf(kind)));
        await using TestServer server = await TestServer.StartAsync(upstream.Source(kind));

        using HttpResponseMessage response = await server.PostAsync(
            Chat, """{"model":"fake","stream":true,"messages":[{"role":"user","content":"hi"}]}""");

        IReadOnlyList<JsonElement> chunks = SseReader.Chunks(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("Let me see", string.Concat(chunks.Select(chunk => Delta(chunk, "content"))));
        Assert.Equal("tool_calls", chunks[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Request_ToAnthropic_SaysTheSame()
    {
        FakeExchange exchange = await AskAsync(SourceKind.Anthropic);

        Assert.Equal("/v1/messages", exchange.Path);
        Assert.Equal(("secret-key", "2023-06-01"), (exchange.Header("x-api-key"), exchange.Header("anthropic-version")));
        AssertJson(
            """
            {"model":"up/stream","max_tokens":50,"system":"Be brief",
             "messages":[{"role":"user","content":[{"type":"text","text":"How warm?"}]},
              {"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"weather","input":{"city":"Bonn"}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"20"},{"type":"text","text":"And now?"}]}],
             "tools":[{"name":"weather","description":"d","input_schema":{"type":"object"}}],"tool_choice":{"type":"any"},
             "temperature":0.5,"stop_sequences":["END"],"metadata":{"user_id":"u"},"stream":true}
            """, exchange.Json);
    }

    [Fact]
    public async Task Request_ToGemini_SaysTheSame()
    {
        FakeExchange exchange = await AskAsync(SourceKind.Gemini);

        Assert.Equal("/v1/models/up%2Fstream:streamGenerateContent?alt=sse", exchange.Path);
        Assert.Equal("secret-key", exchange.Header("x-goog-api-key"));
        AssertJson(
            """
            {"systemInstruction":{"parts":[{"text":"Be brief"}]},
             "contents":[{"role":"user","parts":[{"text":"How warm?"}]},
              {"role":"model","parts":[{"functionCall":{"name":"weather","args":{"city":"Bonn"}}}]},
              {"role":"user","parts":[{"functionResponse":{"name":"weather","response":{"result":"20"}}}]},
              {"role":"user","parts":[{"text":"And now?"}]}],
             "tools":[{"functionDeclarations":[{"name":"weather","description":"d","parametersJsonSchema":{"type":"object"}}]}],
             "toolConfig":{"functionCallingConfig":{"mode":"ANY"}},
             "generationConfig":{"maxOutputTokens":50,"temperature":0.5,"stopSequences":["END"]}}
            """, exchange.Json);
    }

    [Theory]
    [InlineData(SourceKind.OpenAi, "max_completion_tokens")]
    [InlineData(SourceKind.Vllm, "max_tokens")]
    public async Task Messages_ToAnOpenAiSource_AreTranslatedBothWays(SourceKind kind, string limit)
    {
        await using var upstream = new FakeUpstream(exchange => exchange.StreamAsync(OpenAiStream));
        await using TestServer server = await TestServer.StartAsync(upstream.Source(kind));

        using HttpResponseMessage response = await server.PostAsync(Messages, """
            {"model":"fake","max_tokens":50,"system":"Be brief","tools":[{"name":"weather","input_schema":{"type":"object"}}],
             "tool_choice":{"type":"tool","name":"weather"},"messages":[{"role":"user","content":"How warm?"}]}
            """);

        JsonElement message = await JsonAsync(response);
        ApiSchemas.Check("anthropic.message", message);
        Assert.Equal(
            ["thinking", "text", "tool_use"], message.GetProperty("content").EnumerateArray().Select(block => block.GetProperty("type").GetString()));
        Assert.Equal("tool_use", message.GetProperty("stop_reason").GetString());
        Assert.Equal(5, message.GetProperty("usage").GetProperty("input_tokens").GetInt32());
        JsonElement said = Assert.Single(upstream.Seen).Json;
        Assert.Equal(50, said.GetProperty(limit).GetInt32());
        Assert.Equal("system", said.GetProperty("messages")[0].GetProperty("role").GetString());
        Assert.Equal("weather", said.GetProperty("tool_choice").GetProperty("function").GetProperty("name").GetString());
        Assert.True(said.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
    }

    [Fact]
    public async Task Messages_ToAnthropic_AreRelayedAsBytes()
    {
        string raw = string.Concat(AnthropicStream.Select(data => $"event: {JsonElement.Parse(data).GetProperty("type").GetString()}\ndata: {data}\n\n"));
        await using var upstream = new FakeUpstream(async exchange =>
        {
            await exchange.BeginStreamAsync();
            await exchange.WriteAsync(raw);
            await exchange.EndAsync();
        });
        await using TestServer server = await TestServer.StartAsync(upstream.Source(SourceKind.Anthropic));

        using HttpResponseMessage response = await server.PostAsync(
            Messages, """{"model":"fake","stream":true,"mcp_servers":[1],"messages":"whatever"}""");

        Assert.Equal(raw, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("""{"model":"up/stream","stream":true,"mcp_servers":[1],"messages":"whatever"}""", Assert.Single(upstream.Seen).Body);
        await MetricsReader.WaitForAsync(server, """sluice_prompt_tokens_total{model="fake"} 8""");
        await MetricsReader.WaitForAsync(server, """sluice_completion_tokens_total{model="fake"} 9""");
    }

    [Fact]
    public async Task Count_AtAnthropic_IsAskedThere()
    {
        await using var upstream = new FakeUpstream(exchange => exchange.AnswerAsync("""{"input_tokens":42}"""));
        await using TestServer server = await TestServer.StartAsync(upstream.Source(SourceKind.Anthropic));

        using HttpResponseMessage response = await server.PostAsync("/v1/messages/count_tokens", """{"model":"fake","messages":[]}""");

        Assert.Equal("""{"input_tokens":42}""", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("/v1/messages/count_tokens", Assert.Single(upstream.Seen).Path);
    }

    [Theory]
    [InlineData(SourceKind.Anthropic, "\"seed\":1", "seed")]
    [InlineData(SourceKind.Anthropic, "\"n\":2", "n")]
    [InlineData(SourceKind.Anthropic, "\"logprobs\":true", "logprobs")]
    [InlineData(SourceKind.Anthropic, "\"response_format\":{\"type\":\"json_object\"}", "response_format")]
    [InlineData(SourceKind.Gemini, "\"logit_bias\":{\"1\":2}", "logit_bias")]
    [InlineData(SourceKind.Gemini, "\"min_p\":0.1", "min_p")]
    public async Task Option_TheSourceCannotSay_IsRefusedByName(SourceKind kind, string option, string name)
    {
        await using var upstream = new FakeUpstream(_ => Task.CompletedTask);
        await using TestServer server = await TestServer.StartAsync(upstream.Source(kind));

        ErrorBody error = await ErrorBody.ReadAsync(await server.PostAsync(
            Chat, $$"""{"model":"fake","messages":[{"role":"user","content":"hi"}],{{option}}}"""));

        Assert.Equal((400, name), (error.Status, error.Param));
        Assert.Empty(upstream.Seen);
    }

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task Stream_OfAForeignApiThatBreaksOff_IsNotPassedOffAsWhole(SourceKind kind)
    {
        await using var upstream = new FakeUpstream(exchange => exchange.StreamAsync([.. StreamOf(kind).SkipLast(1)]));
        await using TestServer server = await TestServer.StartAsync(upstream.Source(kind));

        ErrorBody error = await ErrorBody.ReadAsync(await server.PostAsync(
            Chat, """{"model":"fake","messages":[{"role":"user","content":"hi"}]}"""));

        Assert.Equal((500, "source_failed"), (error.Status, error.Code));
    }

    [Theory]
    [InlineData(SourceKind.Anthropic, """{"type":"error","error":{"type":"overloaded_error","message":"inner words"}}""")]
    [InlineData(SourceKind.Gemini, """{"error":{"code":500,"message":"inner words","status":"INTERNAL"}}""")]
    [InlineData(SourceKind.Gemini, """{"candidates":"no"} and no JSON""")]
    public async Task Event_ThatIsAnErrorOrNonsense_IsTheSourcesFault(SourceKind kind, string data)
    {
        await using var upstream = new FakeUpstream(exchange => exchange.StreamAsync(data));
        await using TestServer server = await TestServer.StartAsync(upstream.Source(kind));

        ErrorBody error = await ErrorBody.ReadAsync(await server.PostAsync(
            Chat, """{"model":"fake","messages":[{"role":"user","content":"hi"}]}"""));

        Assert.Equal((500, "source_failed"), (error.Status, error.Code));
        Assert.DoesNotContain("inner words", error.Message, StringComparison.Ordinal);
    }

    private static string[] StreamOf(SourceKind kind) => kind == SourceKind.Anthropic ? AnthropicStream : GeminiStream;

    private static string? Delta(JsonElement chunk, string name) =>
        chunk.GetProperty("choices")[0].GetProperty("delta").TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static async Task<FakeExchange> AskAsync(SourceKind kind)
    {
        await using var upstream = new FakeUpstream(exchange => exchange.StreamAsync(StreamOf(kind)));
        await using TestServer server = await TestServer.StartAsync(upstream.Source(kind));
        await JsonAsync(await server.PostAsync(Chat, OpenAiRequest));
        return Assert.Single(upstream.Seen);
    }

    private static void AssertJson(string expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), actual), actual.GetRawText());

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }
}

using System.Net;
using System.Text;
using System.Text.Json;
using Sluice.Http.Fakes;
using Sluice.Http.Schemas;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Http.Anthropic;

/// <summary>Anthropic's dialect in front of any source.</summary>
public sealed class MessagesTests
{
    private const string Path = "/v1/messages";
    private const string Hello = """{"model":"fake","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}""";
    private const string HelloStream = """{"model":"fake","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"hi"}]}""";

    [Fact]
    public async Task Answer_Text_IsAMessage()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        JsonElement message = await PostAsync(server, Hello);

        Assert.Equal(ScriptedSource.Text, message.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("end_turn", message.GetProperty("stop_reason").GetString());
        Assert.Equal(4, message.GetProperty("usage").GetProperty("input_tokens").GetInt32());
        Assert.Equal(3, message.GetProperty("usage").GetProperty("cache_read_input_tokens").GetInt32());
        Assert.Equal(5, message.GetProperty("usage").GetProperty("output_tokens").GetInt32());
    }

    [Fact]
    public async Task Stream_Text_HasTheEventsInTheirOrder()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        IReadOnlyList<JsonElement> events = await StreamAsync(server, HelloStream);

        Assert.Equal(
            ["message_start", "content_block_start", .. ScriptedSource.Pieces.Select(_ => "content_block_delta"), "content_block_stop",
                "message_delta", "message_stop"],
            events.Select(e => e.GetProperty("type").GetString()));
        Assert.Equal(ScriptedSource.Text, string.Concat(events.Where(e => e.TryGetProperty("delta", out JsonElement d) && d.TryGetProperty("text", out _))
            .Select(e => e.GetProperty("delta").GetProperty("text").GetString())));
        Assert.Equal("end_turn", events[^2].GetProperty("delta").GetProperty("stop_reason").GetString());
        Assert.Equal(5, events[^2].GetProperty("usage").GetProperty("output_tokens").GetInt32());
    }

    [Fact]
    public async Task Answer_ThoughtsTextAndCalls_AreBlocksInBothForms()
    {
        var source = new ScriptedSource { Script = (_, _) => Rich() };
        await using TestServer server = await TestServer.StartAsync(source);

        JsonElement[] blocks = [.. (await PostAsync(server, Hello)).GetProperty("content").EnumerateArray()];
        IReadOnlyList<JsonElement> events = await StreamAsync(server, HelloStream);

        Assert.Equal(["thinking", "text", "tool_use", "tool_use"], blocks.Select(block => block.GetProperty("type").GetString()));
        Assert.Equal("hm, so", blocks[0].GetProperty("thinking").GetString());
        Assert.Equal("""{"city":"Bonn"}""", blocks[2].GetProperty("input").GetRawText());
        Assert.Equal("{}", blocks[3].GetProperty("input").GetRawText());
        JsonElement[] starts = [.. events.Where(e => e.GetProperty("type").GetString() == "content_block_start")];
        Assert.Equal([0, 1, 2, 3], starts.Select(e => e.GetProperty("index").GetInt32()));
        Assert.Equal(["thinking", "text", "tool_use", "tool_use"], starts.Select(e => e.GetProperty("content_block").GetProperty("type").GetString()));
        Assert.Equal("call_1", starts[2].GetProperty("content_block").GetProperty("id").GetString());
        Assert.Equal("""{"city":"Bonn"}""", string.Concat(events
            .Where(e => e.TryGetProperty("delta", out JsonElement d) && d.TryGetProperty("partial_json", out _) && e.GetProperty("index").GetInt32() == 2)
            .Select(e => e.GetProperty("delta").GetProperty("partial_json").GetString())));
        Assert.Equal(4, events.Count(e => e.GetProperty("type").GetString() == "content_block_stop"));
        Assert.Equal("tool_use", events[^2].GetProperty("delta").GetProperty("stop_reason").GetString());
    }

    [Fact]
    public async Task Request_AllOfTheDialect_ReachesTheSourceInOpenAisForms()
    {
        var source = new ScriptedSource();
        await using TestServer server = await TestServer.StartAsync(source);

        await PostAsync(server, """
            {"model":"fake","max_tokens":9,"system":[{"type":"text","text":"Be"},{"type":"text","text":"brief"}],"temperature":0.5,"top_k":3,
             "stop_sequences":["END"],"thinking":{"type":"enabled","budget_tokens":2048},"metadata":{"user_id":"u"},
             "tools":[{"name":"weather","description":"d","input_schema":{"type":"object"}}],
             "tool_choice":{"type":"tool","name":"weather","disable_parallel_tool_use":true},
             "messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
               {"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"text","text":"c"},
                 {"type":"tool_use","id":"id1","name":"weather","input":{"city":"Bonn"}}]},
               {"role":"user","content":[{"type":"tool_result","tool_use_id":"id1","content":[{"type":"text","text":"warm"}]},{"type":"text","text":"so?"}]}]}
            """);

        CompletionRequest seen = Assert.Single(source.Seen);
        Assert.Equal(["system", "user", "assistant", "tool", "user"], seen.Messages!.Select(message => message.Role));
        Assert.Equal(["Be\nbrief", "a\nb", "c", "warm", "so?"], seen.Messages!.Select(message => message.Content));
        Assert.Equal(
            """{"role":"assistant","content":"c","reasoning_content":"t","tool_calls":[{"id":"id1","type":"function","function":{"name":"weather","arguments":"{\u0022city\u0022:\u0022Bonn\u0022}"}}]}""",
            seen.Messages![2].Raw.GetRawText());
        Assert.Equal("id1", seen.Messages![3].Raw.GetProperty("tool_call_id").GetString());
        Assert.Equal(
            """[{"type":"function","function":{"name":"weather","description":"d","parameters":{"type":"object"}}}]""", seen.Tools!.Value.GetRawText());
        Assert.Equal(ToolChoice.Only("weather"), seen.ToolChoice);
        Assert.False(seen.ParallelToolCalls);
        Assert.Equal((9, 0.5f, 3, "u"), (seen.MaxTokens, seen.Temperature, seen.TopK, seen.User));
        Assert.Equal(["END"], seen.Stop);
        Assert.Equal(new ThinkingOptions { Enabled = true, BudgetTokens = 2048 }, seen.Thinking);
    }

    [Theory]
    [InlineData("""{"model":"fake","messages":[{"role":"user","content":"hi"}]}""", 400, "invalid_request_error", "max_tokens")]
    [InlineData("""{"model":"fake","max_tokens":0,"messages":[{"role":"user","content":"hi"}]}""", 400, "invalid_request_error", "max_tokens")]
    [InlineData("""{"model":"fake","max_tokens":5,"messages":[{"role":"wizard","content":"x"}]}""", 400, "invalid_request_error", "role")]
    [InlineData("""{"model":"no-such","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}""", 404, "not_found_error", "no-such")]
    [InlineData("""{"model":"fake","max_tokens":5,"messages":[]}""", 400, "invalid_request_error", "messages")]
    [InlineData("""{"model":"fake","max_tokens":5,"messages":[{"role":"user","content":[]}]}""", 400, "invalid_request_error", "content")]
    [InlineData("""{"model":"fake","max_tokens":5,"messages":[{"role":"user","content":[{"type":"image","source":{}}]}]}""", 400, "invalid_request_error", "type")]
    [InlineData("""{"model":"fake","max_tokens":5,"n":2,"messages":[{"role":"user","content":"hi"}]}""", 400, "invalid_request_error", "'n'")]
    [InlineData("""{"model":"fake","max_tokens":5,"tools":[{"type":"bash_20250124","name":"bash"}],"messages":[{"role":"user","content":"hi"}]}""", 400, "invalid_request_error", "type")]
    [InlineData("""{"model":"fake","max_tokens":5,"tool_choice":{"type":"tool","name":"x"},"messages":[{"role":"user","content":"hi"}]}""", 400, "invalid_request_error", "name")]
    [InlineData("not json", 400, "invalid_request_error", "JSON")]
    public async Task Request_Wrong_GetsAnErrorInItsOwnShape(string body, int status, string type, string about)
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());
        using HttpResponseMessage response = await server.PostAsync(Path, body);

        JsonElement error = await ErrorAsync(response);

        Assert.Equal((status, type), ((int)response.StatusCode, error.GetProperty("type").GetString()));
        Assert.Contains(about, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SourceFailure.Busy, 429, "rate_limit_error")]
    [InlineData(SourceFailure.Unavailable, 503, "overloaded_error")]
    [InlineData(SourceFailure.Failed, 500, "api_error")]
    [InlineData(SourceFailure.Late, 504, "timeout_error")]
    public async Task Source_Fails_IsToldInItsOwnWords(SourceFailure reason, int status, string type)
    {
        var source = new ScriptedSource { Preparing = (_, _) => throw new SourceException(reason, "no") };
        await using TestServer server = await TestServer.StartAsync(source);
        using HttpResponseMessage response = await server.PostAsync(Path, Hello);

        Assert.Equal((status, type), ((int)response.StatusCode, (await ErrorAsync(response)).GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Source_FailsInTheMiddle_EndsTheStreamWithAnErrorEvent()
    {
        var source = new ScriptedSource { Script = (_, _) => Breaking() };
        await using TestServer server = await TestServer.StartAsync(source);

        IReadOnlyList<JsonElement> events = await StreamAsync(server, HelloStream);

        Assert.Equal("error", events[^1].GetProperty("type").GetString());
        Assert.DoesNotContain(events, e => e.GetProperty("type").GetString() == "message_stop");
    }

    [Fact]
    public async Task Stop_ByOneOfItsTexts_SaysWhich()
    {
        var source = new ScriptedSource { Script = (_, _) => Stopping() };
        await using TestServer server = await TestServer.StartAsync(source);

        JsonElement message = await PostAsync(server, Hello);

        Assert.Equal(("stop_sequence", "END"), (message.GetProperty("stop_reason").GetString(), message.GetProperty("stop_sequence").GetString()));
    }

    [Fact]
    public async Task Count_AnyConversation_IsWhatTheSourceLearntWhenItPrepared()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        using HttpResponseMessage response = await server.PostAsync(
            "/v1/messages/count_tokens", """{"model":"fake","messages":[{"role":"user","content":"hi"}]}""");

        JsonElement count = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        ApiSchemas.Check("anthropic.count_tokens", count);
        Assert.Equal(FakePrepared.Tokens, count.GetProperty("input_tokens").GetInt32());
    }

    [Fact]
    public async Task Request_OfThePublishedList_IsRefusedAsListed()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());
        int checkedCases = 0;
        foreach (JsonElement bad in ApiSchemas.Lines("api/bad-requests.jsonl").Where(bad => bad.GetProperty("api").GetString() == "anthropic"))
        {
            string body = bad.GetProperty("body").GetRawText().Replace("{MODEL}", "fake", StringComparison.Ordinal);
            using HttpResponseMessage response = await server.PostAsync(Path, body);
            JsonElement error = await ErrorAsync(response);
            Assert.Equal(bad.GetProperty("expect_status").GetInt32(), (int)response.StatusCode);
            Assert.Contains(
                error.GetProperty("type").GetString(), bad.GetProperty("expect_error_type_any_of").EnumerateArray().Select(type => type.GetString()));
            checkedCases++;
        }
        Assert.Equal(4, checkedCases);
    }

    private static async IAsyncEnumerable<CompletionEvent> Rich()
    {
        await Task.Yield();
        yield return new CompletionEvent(0, "") { Reasoning = "hm, " };
        yield return new CompletionEvent(0, "Let me see") { Reasoning = "so" };
        yield return new CompletionEvent(0, "") { ToolCalls = [new ToolCallDelta(0, "call_1", "weather", "{\"city\":")] };
        yield return new CompletionEvent(0, "") { ToolCalls = [new ToolCallDelta(0, null, null, "\"Bonn\"}"), new ToolCallDelta(1, "call_2", "now", "")] };
        yield return new CompletionEvent(0, "", "tool_calls", new Usage(7, 5, 0));
    }

    private static async IAsyncEnumerable<CompletionEvent> Breaking()
    {
        await Task.Yield();
        yield return new CompletionEvent(0, "first");
        throw new SourceException(SourceFailure.Failed, "no");
    }

    private static async IAsyncEnumerable<CompletionEvent> Stopping()
    {
        await Task.Yield();
        yield return new CompletionEvent(0, "text", "stop", new Usage(1, 1, 0)) { StopText = "END" };
    }

    private static async Task<JsonElement> PostAsync(TestServer server, string body)
    {
        using HttpResponseMessage response = await server.PostAsync(Path, body);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        JsonElement message = JsonElement.Parse(text);
        ApiSchemas.Check("anthropic.message", message);
        return message;
    }

    private static async Task<IReadOnlyList<JsonElement>> StreamAsync(TestServer server, string body)
    {
        using HttpResponseMessage response = await server.PostAsync(Path, Encoding.UTF8.GetBytes(body));
        return EventReader.Read(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<JsonElement> ErrorAsync(HttpResponseMessage response)
    {
        JsonElement body = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        ApiSchemas.Check("anthropic.error", body);
        return body.GetProperty("error");
    }
}

using System.Text.Json;
using Sluice.Gateway.Configuration;
using Sluice.Http.Fakes;

namespace Sluice.Http.Clients;

/// <summary>Anthropic's and Vercel's npm packages, unmodified, in front of a source that is relayed and of one that is translated.</summary>
public sealed class RemoteClientTests
{
    private static readonly string[] OpenAiText =
    [
        """{"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""",
        """{"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Hello "},"finish_reason":null}]}""",
        """{"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"you"},"finish_reason":"stop"}]}""",
        """{"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""",
        "[DONE]",
    ];

    private static readonly string[] OpenAiTool =
    [
        """{"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"weather","arguments":""}}]},"finish_reason":null}]}""",
        """{"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":\"Bonn\"}"}}]},"finish_reason":null}]}""",
        """{"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
        """{"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""",
        "[DONE]",
    ];

    private static readonly string[] AnthropicText =
    [
        """{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}}""",
        """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello you"}}""",
        """{"type":"content_block_stop","index":0}""",
        """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":2}}""",
        """{"type":"message_stop"}""",
    ];

    [Theory]
    [InlineData("anthropic-sdk.mjs", "message", SourceKind.OpenAi)]
    [InlineData("anthropic-sdk.mjs", "messageStream", SourceKind.OpenAi)]
    [InlineData("anthropic-sdk.mjs", "messageStream", SourceKind.Anthropic)]
    [InlineData("vercel-ai.mjs", "text", SourceKind.Anthropic)]
    [InlineData("vercel-ai.mjs", "textStream", SourceKind.Anthropic)]
    [InlineData("vercel-ai.mjs", "textStream", SourceKind.OpenAi)]
    public async Task Client_AnySource_UnderstandsTheAnswer(string script, string scenario, SourceKind kind)
    {
        await using var upstream = new FakeUpstream(exchange => AnswerAsync(exchange, kind));
        await using TestServer server = await TestServer.StartAsync(upstream.Source(kind));

        JsonElement seen = await NodeClient.RunScriptAsync(script, server.Url, scenario);

        Assert.Equal("Hello you", seen.GetProperty("text").GetString());
        Assert.Equal(2, seen.GetProperty("output").GetInt32());
        string stop = seen.GetProperty(script.StartsWith("vercel", StringComparison.Ordinal) ? "finish" : "stop").GetString()!;
        Assert.Contains(stop, (string[])["stop", "end_turn"]);
    }

    [Theory]
    [InlineData("anthropic-sdk.mjs")]
    [InlineData("vercel-ai.mjs")]
    public async Task Client_CallOfATool_IsPutTogether(string script)
    {
        await using var upstream = new FakeUpstream(exchange => exchange.StreamAsync(OpenAiTool));
        await using TestServer server = await TestServer.StartAsync(upstream.Source());

        JsonElement seen = await NodeClient.RunScriptAsync(script, server.Url, "toolStream");

        Assert.Equal("Bonn", seen.GetProperty("input").GetProperty("city").GetString());
    }

    [Fact]
    public async Task AnthropicClient_CountAndMistake_AreWhatItExpects()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        JsonElement count = await NodeClient.RunScriptAsync("anthropic-sdk.mjs", server.Url, "count");
        JsonElement mistake = await NodeClient.RunScriptAsync("anthropic-sdk.mjs", server.Url, "unknownModel");

        Assert.Equal(FakePrepared.Tokens, count.GetProperty("tokens").GetInt32());
        Assert.Equal(
            ("NotFoundError", 404, "not_found_error"),
            (mistake.GetProperty("kind").GetString(), mistake.GetProperty("status").GetInt32(), mistake.GetProperty("type").GetString()));
    }

    private static Task AnswerAsync(FakeExchange exchange, SourceKind kind) => kind == SourceKind.Anthropic
        ? SendEventsAsync(exchange)
        : exchange.StreamAsync(OpenAiText);

    private static async Task SendEventsAsync(FakeExchange exchange)
    {
        await exchange.BeginStreamAsync();
        foreach (string data in AnthropicText)
            await exchange.WriteAsync($"event: {JsonElement.Parse(data).GetProperty("type").GetString()}\ndata: {data}\n\n");
        await exchange.EndAsync();
    }
}

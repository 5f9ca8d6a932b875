using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using Sluice.Http.Clients;

namespace Sluice.Http.Demo;

/// <summary>The embedded model calls tools, through real clients: asked, called, answered with the result.</summary>
[Collection(RealModels.Name)]
public sealed class ToolCallTests
{
    private const string Question = "What is the weather in Oslo?";

    private const string Tools = """
        [{"type":"function","function":{"name":"get_weather","description":"Get the current weather for a city",
            "parameters":{"type":"object","properties":{"city":{"type":"string","description":"Name of the city"}},"required":["city"]}}},
         {"type":"function","function":{"name":"set_timer","description":"Start a timer",
            "parameters":{"type":"object","properties":{"minutes":{"type":"integer"}},"required":["minutes"]}}}]
        """;

    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool(
        "get_weather", "Get the current weather for a city",
        BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string","description":"Name of the city"}},"required":["city"]}"""));

    private static readonly ChatTool Timer = ChatTool.CreateFunctionTool(
        "set_timer", "Start a timer",
        BinaryData.FromString("""{"type":"object","properties":{"minutes":{"type":"integer"}},"required":["minutes"]}"""));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAiDotNet_CallAndResult_AreAnsweredFromTheResult()
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");
        ChatClient client = ClientOf(server);
        var messages = new List<ChatMessage> { new UserChatMessage(Question) };

        ChatCompletion asked = await client.CompleteChatAsync(messages, Options(), Cancellation);

        Assert.Equal(ChatFinishReason.ToolCalls, asked.FinishReason);
        Assert.Empty(asked.Content);
        ChatToolCall call = Assert.Single(asked.ToolCalls);
        Assert.Equal("get_weather", call.FunctionName);
        Assert.Equal("Oslo", JsonElement.Parse(call.FunctionArguments).GetProperty("city").GetString());

        messages.Add(new AssistantChatMessage(asked));
        messages.Add(new ToolChatMessage(call.Id, """{"temperature": 7, "condition": "rainy"}"""));
        ChatCompletion told = await client.CompleteChatAsync(messages, Options(), Cancellation);

        Assert.Equal(ChatFinishReason.Stop, told.FinishReason);
        Assert.Contains("rain", told.Content[0].Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task OpenAiDotNet_Streamed_CallIsPutTogetherFromItsPieces()
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");
        var arguments = new StringBuilder();
        string text = "";
        string? name = null, id = null;
        ChatFinishReason? finish = null;
        int pieces = 0;

        await foreach (StreamingChatCompletionUpdate update in ClientOf(server).CompleteChatStreamingAsync(
            [new UserChatMessage(Question)], Options(), Cancellation))
        {
            foreach (ChatMessageContentPart part in update.ContentUpdate)
                text += part.Text;
            foreach (StreamingChatToolCallUpdate piece in update.ToolCallUpdates)
            {
                Assert.Equal(0, piece.Index);
                name = piece.FunctionName ?? name;
                id = piece.ToolCallId ?? id;
                arguments.Append(piece.FunctionArgumentsUpdate);
                pieces++;
            }
            finish = update.FinishReason ?? finish;
        }

        Assert.Equal(("get_weather", ChatFinishReason.ToolCalls, ""), (name, finish, text));
        Assert.StartsWith("call_", id, StringComparison.Ordinal);
        Assert.Equal("Oslo", JsonElement.Parse(arguments.ToString()).GetProperty("city").GetString());
        Assert.True(pieces > 2, "the arguments come as they are written, not all at once");
    }

    [Theory]
    [InlineData("tools")]
    [InlineData("toolsStream")]
    public async Task VercelAiSdk_CallAndResult_AreAnsweredFromTheResult(string scenario)
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");

        JsonElement seen = await NodeClient.RunScriptAsync(
            "vercel-tools.mjs", new Uri(server.Http.Url, "/v1"), scenario, ("SLUICE_TEST_MODEL", "demo"), ("SLUICE_TEST_PROMPT", Question));

        Assert.Equal("Oslo", Assert.Single(seen.GetProperty("called").EnumerateArray()).GetProperty("city").GetString());
        Assert.Equal(["tool-calls", "stop"], seen.GetProperty("finishes").EnumerateArray().Select(finish => finish.GetString()!));
        Assert.Contains("rain", seen.GetProperty("text").GetString(), StringComparison.OrdinalIgnoreCase);
        if (scenario == "toolsStream")
            Assert.Equal("Oslo", JsonElement.Parse(seen.GetProperty("input").GetString()!).GetProperty("city").GetString());
    }

    [Theory]
    [InlineData("What is the capital of France?", null)]
    [InlineData("Set a timer for 5 minutes.", null)]
    [InlineData("Set a timer for 5 minutes.", "get_weather")]
    [InlineData("Tell me a story about Paris.", "get_weather")]
    public async Task OpenAiDotNet_CallIsForced_OneIsMade(string question, string? name)
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");
        ChatCompletionOptions options = Options();
        options.ToolChoice = name is null ? ChatToolChoice.CreateRequiredChoice() : ChatToolChoice.CreateFunctionChoice(name);
        options.AllowParallelToolCalls = false;

        ChatCompletion asked = await ClientOf(server).CompleteChatAsync([new UserChatMessage(question)], options, Cancellation);

        Assert.Equal(ChatFinishReason.ToolCalls, asked.FinishReason);
        ChatToolCall call = Assert.Single(asked.ToolCalls);
        Assert.True(name is null || name == call.FunctionName, call.FunctionName);
        JsonProperty argument = Assert.Single(JsonElement.Parse(call.FunctionArguments).EnumerateObject());
        Assert.Equal(
            call.FunctionName == "set_timer" ? ("minutes", JsonValueKind.Number) : ("city", JsonValueKind.String),
            (argument.Name, argument.Value.ValueKind));
    }

    [Theory]
    [InlineData("What is the weather in Oslo?", true)]
    [InlineData("Who are you?", false)]
    public async Task Wire_FormBesideTools_EitherIsGiven(string question, bool calls)
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");
        using HttpResponseMessage response = await server.Http.PostAsync("/v1/chat/completions",
            $$"""{"model":"demo","temperature":0,"tools":{{Tools}},"response_format":{"type":"json_object"},"max_tokens":60,"messages":[{"role":"user","content":"{{question}}"}]}""");
        JsonElement answer = JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancellation));

        Assert.Equal(calls, Message(answer).TryGetProperty("tool_calls", out _));
        if (!calls)
            Assert.StartsWith("{", Message(answer).GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wire_ChoiceIsNone_NeitherToolsNorCalls()
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");

        JsonElement with = await AskAsync(server, $$""","tools":{{Tools}},"tool_choice":"none" """);
        JsonElement without = await AskAsync(server, "");

        Assert.Equal(Message(without).GetProperty("content").GetString(), Message(with).GetProperty("content").GetString());
        Assert.False(Message(with).TryGetProperty("tool_calls", out _));
        Assert.Equal(
            without.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), with.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Fact]
    public async Task Wire_CutInTheMidstOfACall_IsWhatThereIsOfIt()
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");

        JsonElement cut = await AskAsync(server, $$""","tools":{{Tools}},"max_tokens":14""");

        Assert.Equal("length", cut.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        string arguments = Message(cut).GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString()!;
        Assert.StartsWith("{\"city", arguments, StringComparison.Ordinal);
        Assert.DoesNotContain('}', arguments);
    }

    private static async Task<JsonElement> AskAsync(LocalServer server, string more)
    {
        using HttpResponseMessage response = await server.Http.PostAsync(
            "/v1/chat/completions", $$"""{"model":"demo","temperature":0,"messages":[{"role":"user","content":"{{Question}}"}]{{more}}}""");
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }

    private static JsonElement Message(JsonElement answer) => answer.GetProperty("choices")[0].GetProperty("message");

    private static ChatCompletionOptions Options() => new() { Temperature = 0, Tools = { Weather, Timer } };

    private static ChatClient ClientOf(LocalServer server) => new OpenAIClient(
        new ApiKeyCredential("unused"),
        new OpenAIClientOptions { Endpoint = new Uri(server.Http.Url, "/v1"), RetryPolicy = new ClientRetryPolicy(0) }).GetChatClient("demo");
}

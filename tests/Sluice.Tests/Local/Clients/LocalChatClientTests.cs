using System.Text.Json;
using Microsoft.Extensions.AI;
using Sluice.Core;
using Sluice.Engine;
using Sluice.Local;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Sluice.Tests.Local.Clients;

public sealed class LocalChatClientTests : IDisposable
{
    private readonly LocalModel _model = LocalModel.Open(ModelLocator.Demo, new LocalModelOptions
    {
        Engine = new EngineOptions { ContextTokens = 512, MaxSequences = 2, MaxQueue = 1, BlockTokens = 8, KvType = DType.F32 },
    });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, ChatOptions> Unbuilt => new()
    {
        { "Tools", new ChatOptions { Tools = [new HostedWebSearchTool()] } },
        { "Reasoning", new ChatOptions { Reasoning = new ReasoningOptions { Output = ReasoningOutput.Summary } } },
        { "ConversationId", new ChatOptions { ConversationId = "c" } },
        { "ModelId", new ChatOptions { ModelId = "gpt" } },
        { "RawRepresentationFactory", new ChatOptions { RawRepresentationFactory = _ => null } },
        { "thinking", new ChatOptions { AdditionalProperties = new() { ["thinking"] = true } } },
    };

    public static TheoryData<string, ChatOptions> OutOfRange => new()
    {
        { "Temperature", new ChatOptions { Temperature = 3 } },
        { "Temperature", new ChatOptions { Temperature = float.NaN } },
        { "TopP", new ChatOptions { TopP = -1 } },
        { "TopK", new ChatOptions { TopK = -1 } },
        { "MaxOutputTokens", new ChatOptions { MaxOutputTokens = 0 } },
        { "FrequencyPenalty", new ChatOptions { FrequencyPenalty = 9 } },
        { "min_p", new ChatOptions { AdditionalProperties = new() { ["min_p"] = 2 } } },
        { "repetition_penalty", new ChatOptions { AdditionalProperties = new() { ["repetition_penalty"] = "high" } } },
        { "StopSequences", new ChatOptions { StopSequences = [""] } },
    };

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetResponse_ToolIsCalled_ResultIsAnswered(bool streamed)
    {
        using IChatClient chat = _model.AsChatClient();
        var weather = AIFunctionFactory.CreateDeclaration("get_weather", "Get the current weather for a city", JsonElement.Parse(
            """{"type":"object","properties":{"city":{"type":"string","description":"Name of the city"}},"required":["city"]}"""));
        var options = new ChatOptions { Temperature = 0, Tools = [weather] };
        List<ChatMessage> messages = [new(ChatRole.User, "What is the weather in Oslo?")];

        ChatResponse asked = streamed
            ? await chat.GetStreamingResponseAsync(messages, options, Cancellation).ToChatResponseAsync(Cancellation)
            : await chat.GetResponseAsync(messages, options, Cancellation);

        Assert.Equal(ChatFinishReason.ToolCalls, asked.FinishReason);
        var call = Assert.IsType<FunctionCallContent>(Assert.Single(asked.Messages[0].Contents));
        Assert.Equal(("get_weather", "Oslo"), (call.Name, call.Arguments!["city"]!.ToString()));

        messages.AddRange(asked.Messages);
        messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, """{"temperature": 7, "condition": "rainy"}""")]));
        ChatResponse told = await chat.GetResponseAsync(messages, options, Cancellation);

        Assert.Equal(ChatFinishReason.Stop, told.FinishReason);
        Assert.Contains("rain", told.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task GetResponse_Greedy_IsTheStreamFolded()
    {
        using IChatClient chat = _model.AsChatClient();
        var options = new ChatOptions { Temperature = 0 };
        string streamed = "";
        ChatResponseUpdate? last = null;
        await foreach (ChatResponseUpdate update in chat.GetStreamingResponseAsync("What is the capital of France?", options, Cancellation))
        {
            Assert.Null(last?.FinishReason);
            Assert.Equal((ChatRole.Assistant, "demo"), (update.Role!.Value, update.ModelId));
            streamed += update.Text;
            last = update;
        }

        ChatResponse whole = await chat.GetResponseAsync("What is the capital of France?", options, Cancellation);

        Assert.Contains("Paris", whole.Text, StringComparison.Ordinal);
        Assert.Equal(streamed, whole.Text);
        Assert.Equal((ChatFinishReason.Stop, ChatFinishReason.Stop), (whole.FinishReason!.Value, last!.FinishReason!.Value));
        Assert.Equal(ChatRole.Assistant, Assert.Single(whole.Messages).Role);
        UsageDetails usage = whole.Usage!;
        Assert.True(usage.InputTokenCount > 5 && usage.OutputTokenCount > 1);
        Assert.Equal(usage.InputTokenCount + usage.OutputTokenCount, usage.TotalTokenCount);
        Assert.True(usage.CachedInputTokenCount > 0, "the second answer begins with the first one's prompt");
    }

    [Fact]
    public async Task GetResponse_ItsOwnPrompt_IsThatOfTheHttpDoor()
    {
        const string body = """
            {"model":"demo","temperature":0,"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello!"}]}
            """;
        var source = new LocalSource(_model, TimeProvider.System, new Random(1));
        using Prepared prepared = await source.PrepareAsync(
            new Request(System.Text.Encoding.UTF8.GetBytes(body), new OpenAiChatDialect()), new RequestContext("1"), Cancellation);
        string expected = "";
        await foreach (CompletionEvent e in source.CompleteAsync(prepared, Cancellation))
            expected += e.Text;

        var options = new ChatOptions { Temperature = 0, Instructions = "Be brief." };
        ChatResponse answer = await _model.AsChatClient().GetResponseAsync("Hello!", options, Cancellation);

        Assert.Equal(expected, answer.Text);
        Assert.Equal(prepared.PromptTokens, answer.Usage!.InputTokenCount);
    }

    [Fact]
    public async Task GetResponse_Conversation_GoesOnWithTheAnswerBefore()
    {
        using IChatClient chat = _model.AsChatClient();
        List<ChatMessage> messages = [new(ChatRole.User, "What is the capital of France?")];
        messages.AddMessages(await chat.GetResponseAsync(messages, new ChatOptions { Temperature = 0 }, Cancellation));
        messages.Add(new(ChatRole.User, "And of Portugal?"));

        ChatResponse answer = await chat.GetResponseAsync(messages, new ChatOptions { Temperature = 0 }, Cancellation);

        Assert.NotEmpty(answer.Text);
        Assert.True(answer.Usage!.CachedInputTokenCount > 0);
    }

    [Fact]
    public async Task GetResponse_LimitsAndStops_EndIt()
    {
        using IChatClient chat = _model.AsChatClient();
        const string question = "What is the capital of France?";
        ChatResponse cut = await chat.GetResponseAsync(question, new ChatOptions { Temperature = 0, MaxOutputTokens = 2 }, Cancellation);
        ChatResponse stopped = await chat.GetResponseAsync(question, new ChatOptions { Temperature = 0, StopSequences = ["Paris"] }, Cancellation);

        Assert.Equal((ChatFinishReason.Length, 2L), (cut.FinishReason!.Value, cut.Usage!.OutputTokenCount!.Value));
        Assert.Equal(ChatFinishReason.Stop, stopped.FinishReason);
        Assert.DoesNotContain("Paris", stopped.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponse_SameSeed_GivesTheSameAnswer()
    {
        using IChatClient chat = _model.AsChatClient(random: new Random(7));
        Task<ChatResponse> Ask(long? seed) =>
            chat.GetResponseAsync("Tell me a story.", new ChatOptions { Temperature = 1.5f, Seed = seed, MaxOutputTokens = 40 }, Cancellation);

        Assert.Equal((await Ask(5)).Text, (await Ask(5)).Text);
        Assert.NotEqual((await Ask(null)).Text, (await Ask(null)).Text);
    }

    [Theory]
    [MemberData(nameof(Unbuilt), DisableDiscoveryEnumeration = true)]
    public async Task GetResponse_OptionThatIsNotBuilt_IsRefusedByName(string name, ChatOptions options)
    {
        var refusal = await Assert.ThrowsAsync<NotSupportedException>(() => _model.AsChatClient().GetResponseAsync("x", options, Cancellation));
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OutOfRange), DisableDiscoveryEnumeration = true)]
    public async Task GetResponse_OptionOutOfItsRange_IsRefusedByName(string name, ChatOptions options)
    {
        var refusal = await Assert.ThrowsAnyAsync<ArgumentException>(() => _model.AsChatClient().GetResponseAsync("x", options, Cancellation));
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponse_MessageThatIsNotText_IsRefused()
    {
        var picture = new ChatMessage(ChatRole.User, [new TextContent("What is this?"), new DataContent(new byte[] { 1 }, "image/png")]);
        await Assert.ThrowsAsync<NotSupportedException>(() => _model.AsChatClient().GetResponseAsync([picture], cancellationToken: Cancellation));
        await Assert.ThrowsAsync<NotSupportedException>(
            () => _model.AsChatClient().GetResponseAsync([new ChatMessage(new ChatRole("narrator"), "x")], cancellationToken: Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => _model.AsChatClient().GetResponseAsync([], cancellationToken: Cancellation));
    }

    [Fact]
    public async Task GetResponse_ConversationLongerThanTheContext_SaysSo()
    {
        var refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => _model.AsChatClient().GetResponseAsync(string.Concat(Enumerable.Repeat("fox ", 2000)), cancellationToken: Cancellation));
        Assert.Contains("context", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetStreamingResponse_ReaderLeaves_FreesItsBlocks()
    {
        await foreach (ChatResponseUpdate update in Stream(Cancellation))
        {
            if (update.Text.Length > 0)
                break;
        }
        await RequireIdleAsync();

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ChatResponseUpdate _ in Stream(leaving.Token))
                await leaving.CancelAsync();
        });
        await RequireIdleAsync();

        IAsyncEnumerable<ChatResponseUpdate> Stream(CancellationToken cancellation) => _model.AsChatClient().GetStreamingResponseAsync(
            "Tell me a long story.", new ChatOptions { AdditionalProperties = new() { ["repetition_penalty"] = 1.5 } }, cancellation);
    }

    [Fact]
    public void GetService_KnownTypes_AreGiven()
    {
        using IChatClient chat = _model.AsChatClient();
        var metadata = chat.GetService<ChatClientMetadata>()!;
        Assert.Equal(("sluice", "demo"), (metadata.ProviderName, metadata.DefaultModelId));
        Assert.Same(_model, chat.GetService<LocalModel>());
        Assert.Same(chat, chat.GetService<IChatClient>());
        Assert.Null(chat.GetService<HttpClient>());
        Assert.Null(chat.GetService(typeof(LocalModel), "key"));
    }

    private async Task RequireIdleAsync()
    {
        while (_model.Engine.Load is not { Running: 0, Waiting: 0 } load || load.FreeBlocks < load.Blocks)
            await Task.Delay(1, Cancellation);
    }
}

using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;
using Sluice.Http.Fakes;
using Sluice.Protocol.Sources;

namespace Sluice.Http.Clients;

/// <summary>OpenAI's .NET package, unmodified.</summary>
public sealed class OpenAiDotNetTests
{
    private static readonly ChatMessage[] Messages = [new SystemChatMessage("Be brief."), new UserChatMessage("hi")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CompleteChat_Answer_IsUnderstoodWhole()
    {
        var source = new ScriptedSource();
        await using TestServer server = await TestServer.StartAsync(source);

        var options = new ChatCompletionOptions { Temperature = 0, MaxOutputTokenCount = 64, StopSequences = { "END" } };

        ChatCompletion answer = await ClientOf(server).GetChatClient("fake").CompleteChatAsync(Messages, options, Cancellation);

        Assert.Equal(ScriptedSource.Text, answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        ChatTokenUsage usage = answer.Usage;
        Assert.Equal((7, 5, 12), (usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount));
        Assert.Equal(3, usage.InputTokenDetails.CachedTokenCount);
        Protocol.Requests.CompletionRequest seen = Assert.Single(source.Seen);
        Assert.Equal((0f, 64, "END"), (seen.Temperature, seen.MaxTokens, Assert.Single(seen.Stop)));
        Assert.Equal([("system", "Be brief."), ("user", "hi")], seen.Messages!.Select(message => (message.Role, message.Content!)));
    }

    [Fact]
    public async Task CompleteChatStreaming_Answer_IsUnderstoodWhole()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());
        var text = new System.Text.StringBuilder();
        ChatFinishReason? finish = null;
        ChatTokenUsage? usage = null;

        await foreach (StreamingChatCompletionUpdate update in ClientOf(server).GetChatClient("fake").CompleteChatStreamingAsync(
            Messages, cancellationToken: Cancellation))
        {
            foreach (ChatMessageContentPart part in update.ContentUpdate)
                text.Append(part.Text);
            finish = update.FinishReason ?? finish;
            usage = update.Usage ?? usage;
        }

        Assert.Equal(ScriptedSource.Text, text.ToString());
        Assert.Equal(ChatFinishReason.Stop, finish);
        Assert.Equal(12, usage!.TotalTokenCount);
    }

    [Fact]
    public async Task CompleteChat_LengthReached_IsTold()
    {
        var source = new ScriptedSource { Script = (request, cancellation) => ScriptedSource.Answer(request, "length", cancellation) };
        await using TestServer server = await TestServer.StartAsync(source);

        ChatCompletion answer = await ClientOf(server).GetChatClient("fake").CompleteChatAsync(Messages, cancellationToken: Cancellation);

        Assert.Equal(ChatFinishReason.Length, answer.FinishReason);
    }

    [Fact]
    public async Task CompleteChat_WithTools_ShowsThemToTheModel()
    {
        var source = new ScriptedSource();
        await using TestServer server = await TestServer.StartAsync(source);
        BinaryData parameters = BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}}}""");
        ChatTool tool = ChatTool.CreateFunctionTool("get_weather", "Weather of a city.", parameters);

        await ClientOf(server).GetChatClient("fake").CompleteChatAsync(
            Messages, new ChatCompletionOptions { Tools = { tool }, ToolChoice = ChatToolChoice.CreateAutoChoice() }, Cancellation);

        Assert.Equal("get_weather", Assert.Single(source.Seen).Tools!.Value[0].GetProperty("function").GetProperty("name").GetString());
    }

    [Fact]
    public async Task GetModels_Names_AreListedAndFound()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource("a", "owner/repo"));
        OpenAIModelClient client = ClientOf(server).GetOpenAIModelClient();

        OpenAIModelCollection models = await client.GetModelsAsync(Cancellation);
        OpenAIModel one = await client.GetModelAsync("owner/repo", Cancellation);

        Assert.Equal(["a", "owner/repo"], models.Select(model => model.Id));
        Assert.Equal("owner/repo", one.Id);
    }

    [Theory]
    [InlineData("nobody", 0f, 404, "does not exist")]
    [InlineData("fake", 7f, 400, "temperature")]
    public async Task CompleteChat_ClientsMistake_RaisesItsStatusAndReason(string model, float temperature, int status, string reason)
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        var options = new ChatCompletionOptions { Temperature = temperature };
        ChatClient client = ClientOf(server).GetChatClient(model);

        var fault = await Assert.ThrowsAsync<ClientResultException>(() => client.CompleteChatAsync(Messages, options, Cancellation));

        Assert.Equal(status, fault.Status);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompleteChat_SourceIsBusyOnce_IsRetriedAndAnswered()
    {
        int calls = 0;
        var source = new ScriptedSource
        {
            Preparing = (_, _) => Interlocked.Increment(ref calls) > 1
                ? Task.CompletedTask
                : throw new SourceException(SourceFailure.Busy, "The queue is full."),
        };
        await using TestServer server = await TestServer.StartAsync(source);

        ChatClient client = ClientOf(server, retries: 1).GetChatClient("fake");

        ChatCompletion answer = await client.CompleteChatAsync(Messages, cancellationToken: Cancellation);

        Assert.Equal(ScriptedSource.Text, answer.Content[0].Text);
        Assert.Equal(2, calls);
    }

    private static OpenAIClient ClientOf(TestServer server, int retries = 0) => new(
        new ApiKeyCredential("unused"),
        new OpenAIClientOptions { Endpoint = new Uri(server.Url, "/v1"), RetryPolicy = new ClientRetryPolicy(retries) });
}

using System.ClientModel;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using Sluice.Http.Demo;

namespace Sluice.Http.Clients;

/// <summary>OpenAI's clients, unmodified, on the model that ships in the repository; the expected answer is the one in its model card's references.</summary>
public sealed class EmbeddedModelTests
{
    private const string Question = "Who are you?";
    private const string Answer = "I am Sluice's built-in demo model, a tiny language model with about four million parameters.";

    [Fact]
    public async Task DotNet_NoStreamAndStream_GiveTheKnownAnswer()
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");
        ChatClient client = new OpenAIClient(new ApiKeyCredential("unused"), new OpenAIClientOptions { Endpoint = new Uri(server.Http.Url, "/v1") }).GetChatClient("demo");
        ChatMessage[] messages = [new UserChatMessage(Question)];
        var options = new ChatCompletionOptions { Temperature = 0, MaxOutputTokenCount = 64 };

        ChatCompletion whole = await client.CompleteChatAsync(messages, options, TestContext.Current.CancellationToken);
        var streamed = new StringBuilder();
        await foreach (StreamingChatCompletionUpdate update in client.CompleteChatStreamingAsync(messages, options, TestContext.Current.CancellationToken))
        {
            foreach (ChatMessageContentPart part in update.ContentUpdate)
                streamed.Append(part.Text);
        }

        Assert.Equal(Answer, whole.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, whole.FinishReason);
        Assert.Equal(12, whole.Usage.InputTokenCount);
        Assert.Equal(Answer, streamed.ToString());
    }

    [Fact]
    public async Task Npm_NoStreamAndStream_GiveTheKnownAnswer()
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");
        foreach (string scenario in (string[])["chat", "chatStream", "chatRunner"])
        {
            JsonElement seen = await NodeClient.RunAsync(
                server.Http.Url, scenario, ("SLUICE_TEST_MODEL", "demo"), ("SLUICE_TEST_MESSAGES", $$"""[{"role":"user","content":"{{Question}}"}]"""));

            Assert.Equal((Answer, "stop"), (seen.GetProperty("text").GetString(), seen.GetProperty("finish").GetString()));
        }
    }
}

using System.ClientModel;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using Sluice.Http.Demo;
using Sluice.Http.Fakes;

namespace Sluice.Http.Clients;

/// <summary>
/// OpenAI's clients, unmodified, against <c>sluice serve</c> and the model that ships in the repository; its references have the answer.
/// </summary>
[Collection(RealModels.Name)]
public sealed class EmbeddedModelTests
{
    private const string Question = "Who are you?";
    private const string Answer = "I am Sluice's built-in demo model, a tiny language model with about four million parameters.";

    [Fact]
    public async Task DotNet_NoStreamAndStream_GiveTheKnownAnswer()
    {
        using ServeProcess server = await ServeProcess.StartAsync();
        var endpoint = new OpenAIClientOptions { Endpoint = new Uri(server.Url, "/v1") };
        ChatClient client = new OpenAIClient(new ApiKeyCredential("unused"), endpoint).GetChatClient("demo");
        ChatMessage[] messages = [new UserChatMessage(Question)];
        var options = new ChatCompletionOptions { Temperature = 0, MaxOutputTokenCount = 64 };

        CancellationToken cancellation = TestContext.Current.CancellationToken;

        ChatCompletion whole = await client.CompleteChatAsync(messages, options, cancellation);
        var streamed = new StringBuilder();
        await foreach (StreamingChatCompletionUpdate update in client.CompleteChatStreamingAsync(messages, options, cancellation))
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
        using ServeProcess server = await ServeProcess.StartAsync();
        (string, string)[] environment =
            [("SLUICE_TEST_MODEL", "demo"), ("SLUICE_TEST_MESSAGES", $$"""[{"role":"user","content":"{{Question}}"}]""")];
        foreach (string scenario in (string[])["chat", "chatStream", "chatRunner"])
        {
            JsonElement seen = await NodeClient.RunAsync(server.Url, scenario, environment);

            Assert.Equal((Answer, "stop"), (seen.GetProperty("text").GetString(), seen.GetProperty("finish").GetString()));
        }
    }

    [Fact]
    public async Task Sigterm_MidStream_TheStreamEndsWholeAndTheExitCodeIsZero()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix signals");
        using ServeProcess server = await ServeProcess.StartAsync();
        using RawConnection client = await RawConnection.OpenAsync(server.Url);
        await client.PostAsync("/v1/completions", """{"model":"demo","prompt":"Once","max_tokens":300,"n":8,"seed":1,"stream":true}""");
        Assert.True(await client.ReadToAsync("\"text\""));

        Task<int> exit = server.TerminateAsync();

        Assert.True(await client.ReadToAsync("data: [DONE]\n\n"), client.Received);
        Assert.Equal(8, client.Received.Split("\"finish_reason\":\"").Length - 1);
        Assert.Equal(0, await exit);
    }
}

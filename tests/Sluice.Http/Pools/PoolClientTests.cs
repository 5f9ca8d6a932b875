using System.ClientModel;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Anthropic;
using Anthropic.Models.Messages;
using OpenAI;
using OpenAI.Chat;
using Sluice.Http.Clients;
using Sluice.Http.Demo;
using Sluice.Http.Schemas;

namespace Sluice.Http.Pools;

/// <summary>
/// OpenAI's, Anthropic's and Vercel's clients, unmodified, against <c>sluice serve -c</c> with two replicas of the model that ships in the
/// repository; its references have the answer.
/// </summary>
[Collection(RealModels.Name)]
public sealed class PoolClientTests : IDisposable
{
    private const string Pool = "fake"; // as the scripts of tests/node call it
    private const string Question = "Who are you?";
    private const string Answer = "I am Sluice's built-in demo model, a tiny language model with about four million parameters.";

    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-clients-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task OpenAiDotNet_NoStreamAndStream_GiveTheKnownAnswer()
    {
        using ServeProcess server = await StartAsync();
        var endpoint = new OpenAIClientOptions { Endpoint = new Uri(server.Url, "/v1") };
        ChatClient client = new OpenAIClient(new ApiKeyCredential("unused"), endpoint).GetChatClient(Pool);
        ChatMessage[] messages = [new UserChatMessage(Question)];
        var options = new ChatCompletionOptions { Temperature = 0, MaxOutputTokenCount = 64 };

        ChatCompletion whole = await client.CompleteChatAsync(messages, options, Cancellation);
        var streamed = new StringBuilder();
        await foreach (StreamingChatCompletionUpdate update in client.CompleteChatStreamingAsync(messages, options, Cancellation))
            streamed.AppendJoin("", update.ContentUpdate.Select(part => part.Text));

        Assert.Equal((Answer, Answer), (whole.Content[0].Text, streamed.ToString()));
        Assert.Equal(12, whole.Usage.InputTokenCount);
    }

    [Fact]
    public async Task AnthropicDotNet_NoStreamAndStream_GiveTheKnownAnswer()
    {
        using ServeProcess server = await StartAsync();
        using var client = new AnthropicClient { BaseUrl = server.Url.ToString(), ApiKey = "unused", MaxRetries = 0 };
        JsonElement greedy = JsonElement.Parse($$"""
            {"model":"{{Pool}}","max_tokens":64,"temperature":0,"messages":[{"role":"user","content":"{{Question}}"}]}
            """);
        var none = new Dictionary<string, JsonElement>();
        MessageCreateParams request = MessageCreateParams.FromRawUnchecked(
            none, none, greedy.EnumerateObject().ToDictionary(field => field.Name, field => field.Value));

        Message whole = await client.Messages.Create(request, Cancellation);
        var streamed = new StringBuilder();
        await foreach (RawMessageStreamEvent e in client.Messages.CreateStreaming(request, Cancellation))
        {
            e.Validate();
            if (e.TryPickContentBlockDelta(out RawContentBlockDeltaEvent? piece) && piece.Delta.TryPickText(out TextDelta? text))
                streamed.Append(text.Text);
        }

        whole.Validate();
        Assert.True(whole.Content[0].TryPickText(out TextBlock? block));
        Assert.Equal((Answer, Answer), (block.Text, streamed.ToString()));
        Assert.Equal(12, whole.Usage.InputTokens);
    }

    [Fact]
    public async Task OpenAiNpm_NoStreamAndStream_GiveTheKnownAnswer()
    {
        using ServeProcess server = await StartAsync();
        (string, string)[] environment = [("SLUICE_TEST_MESSAGES", $$"""[{"role":"user","content":"{{Question}}"}]""")];
        foreach (string scenario in (string[])["chat", "chatStream", "chatRunner"])
        {
            JsonElement seen = await NodeClient.RunAsync(server.Url, scenario, environment);
            Assert.Equal((Answer, "stop"), (seen.GetProperty("text").GetString(), seen.GetProperty("finish").GetString()));
        }
    }

    [Theory]
    [InlineData("anthropic-sdk.mjs", "message", "messageStream")]
    [InlineData("vercel-ai.mjs", "text", "textStream")]
    public async Task OtherNpm_NoStreamAndStream_AreUnderstoodWhole(string script, params string[] scenarios)
    {
        using ServeProcess server = await StartAsync();
        foreach (string scenario in scenarios)
        {
            JsonElement seen = await NodeClient.RunScriptAsync(script, server.Url, scenario);
            Assert.NotEqual("", seen.GetProperty("text").GetString());
            Assert.True(seen.GetProperty("output").GetInt32() > 0);
        }
    }

    [Theory]
    [InlineData("chat/completions", """ "messages":[{"role":"user","content":"hi"}],"max_tokens":8,"n":2,"logprobs":true,"top_logprobs":2""", "chat.completion")]
    [InlineData("completions", """ "prompt":["Once","There"],"max_tokens":8,"logprobs":2""", "completion")]
    [InlineData("messages", """ "messages":[{"role":"user","content":"hi"}],"max_tokens":8""", "anthropic.message")]
    [InlineData("messages/count_tokens", """ "messages":[{"role":"user","content":"hi"}]""", "anthropic.count_tokens")]
    [InlineData("embeddings", """ "input":["one","two"]""", "embedding.list")]
    public async Task Answer_InOneBody_FollowsThePublishedSchema(string path, string fields, string schema)
    {
        using ServeProcess server = await StartAsync();
        using var client = new HttpClient { BaseAddress = server.Url };
        using var body = new StringContent($$"""{"model":"{{Pool}}",{{fields}}}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.PostAsync($"/v1/{path}", body, Cancellation);
        JsonElement told = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, told.GetRawText());
        ApiSchemas.Check(schema, told);
        ApiSchemas.Check("model.list", await client.GetFromJsonAsync<JsonElement>("/v1/models", Cancellation));
    }

    /// <summary>All that the profile asks of the endpoints that are built.</summary>
    [Fact]
    public async Task CompatCanary_ProfileModern_PassesAllButResponses()
    {
        using ServeProcess server = await StartAsync();
        JsonElement checks = await NodeClient.RunScriptAsync("compatcanary.mjs", new Uri(server.Url, "/v1"), "modern");
        JsonElement[] built = [.. checks.EnumerateArray().Where(check => check.GetProperty("id").GetString() is not ['r', 'e', 's', 'p', ..])];
        Assert.Equal(5, built.Length);
        Assert.All(built, check => Assert.True(check.GetProperty("status").GetString() == "pass", check.GetRawText()));
    }

    private async Task<ServeProcess> StartAsync()
    {
        string file = Path.Combine(_folder, "sluice.yaml");
        await File.WriteAllTextAsync(file, $$"""
            sources: [{ name: local, kind: engine, model: demo, replicas: 2, kv: { memory: 32MB } }]
            pools: [{ name: {{Pool}}, policy: prefix, members: [{ source: local }] }]
            """, Cancellation);
        return await ServeProcess.StartAsync("-c", file, "-t", "1");
    }
}

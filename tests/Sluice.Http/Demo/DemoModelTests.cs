using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Golden;
using Sluice.Http.Fakes;
using Sluice.Http.Schemas;

namespace Sluice.Http.Demo;

/// <summary>The embedded model over the wire: the text that torch computed, alone and among others.</summary>
[Collection(RealModels.Name)]
public sealed class DemoModelTests(ITestOutputHelper output)
{
    private const int Neighbours = 8;

    [Fact]
    public async Task Answer_HalfPrecision_IsTheReferenceForEveryPrompt()
    {
        await using LocalServer server = await LocalServer.StartAsync(GoldenData.Require("../demo/sluice-demo-f16.gguf"));
        IReadOnlyList<ReferencePrompt> prompts = ReferencePrompt.Load(server.Name);
        Assert.Equal(21, prompts.Count);

        foreach (ReferencePrompt prompt in prompts)
            Assert.Equal((prompt.Name, Expected(prompt)), (prompt.Name, await AskAsync(server.Http, prompt, stream: false)));
    }

    [Fact]
    public async Task Answer_AmongEightOthers_IsTheSameText()
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");
        IReadOnlyList<ReferencePrompt> prompts = ReferencePrompt.Load(server.Name);
        var alone = new List<Answer>();
        foreach (ReferencePrompt prompt in prompts)
            alone.Add(await AskAsync(server.Http, prompt, stream: false));
        string[] different = [.. prompts.Where((prompt, index) => alone[index] != Expected(prompt)).Select(prompt => prompt.Name)];
        output.WriteLine($"not the half-precision text: {string.Join(", ", different)}");
        Assert.InRange(different.Length, 0, 2);

        using var done = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<int>[] neighbours =
            [.. Enumerable.Range(0, Neighbours).Select(number => KeepAskingAsync(server.Http, server.Name, number, done.Token))];
        for (int i = 0; i < prompts.Count; i++)
            Assert.Equal((prompts[i].Name, alone[i]), (prompts[i].Name, await AskAsync(server.Http, prompts[i], stream: i % 2 == 0)));
        await done.CancelAsync();
        int[] answered = await Task.WhenAll(neighbours);
        output.WriteLine($"answers of the others meanwhile: {string.Join(", ", answered)}");
        Assert.True(answered.Sum() > Neighbours, "the others must really have run");
    }

    [Fact]
    public async Task Answer_ToolsAsDefinitions_AreRenderedIntoTheReferencePrompt()
    {
        await using LocalServer server = await LocalServer.StartAsync(GoldenData.Require("../demo/sluice-demo-f16.gguf"));
        ReferencePrompt prompt = ReferencePrompt.Load(server.Name).Single(prompt => prompt.Name == "tool_call");
        JsonArray messages = prompt.Body["messages"]!.AsArray();
        string system = messages[0]!["content"]!.GetValue<string>();
        string[] tools = system.Split("<tools>\n")[1].Split("\n</tools>")[0].Split('\n');
        messages.RemoveAt(0);
        prompt.Body["tools"] = new JsonArray([.. tools.Select(tool => JsonNode.Parse(tool))]);

        using HttpResponseMessage response = await server.Http.PostAsync(prompt.Path, prompt.Body.ToJsonString());
        JsonElement body = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal(Expected(prompt).PromptTokens, body.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        JsonElement call = body.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function");
        string written = $$"""<tool_call>{{"\n"}}{"name": "{{call.GetProperty("name")}}", "arguments": {{call.GetProperty("arguments")}}}{{"\n"}}</tool_call>""";
        Assert.Equal(Expected(prompt).Text, written);
    }

    [Fact]
    public async Task Answer_ContentAsParts_IsTheSameText()
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");
        ReferencePrompt prompt = ReferencePrompt.Load(server.Name).Single(prompt => prompt.Name == "who");
        Answer plain = await AskAsync(server.Http, prompt, stream: false);
        JsonNode message = prompt.Body["messages"]![0]!;
        message["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = message["content"]!.GetValue<string>() });

        Answer parts = await AskAsync(server.Http, prompt, stream: false);

        Assert.Equal(plain, parts);
    }

    [Fact]
    public async Task Answer_KeepingAWindowOnly_IsAnAnswerFromThatWindow()
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");
        ReferencePrompt prompt = ReferencePrompt.Load(server.Name).Single(prompt => prompt.Name == "who");
        prompt.Body["kv_window"] = 500; // all there is
        Assert.Equal(Expected(prompt), await AskAsync(server.Http, prompt, stream: false));
        prompt.Body["kv_window"] = 3;
        Assert.NotEqual(prompt.Text, (await AskAsync(server.Http, prompt, stream: false)).Text);
    }

    [Fact]
    public async Task ClientLeaves_MidStreamOrQueued_TheEngineIsFreeAgain()
    {
        // Every choice is a sequence of its own: one runs, the others of the first client and all of the second wait.
        const string busy = """{"model":"demo","prompt":"Once upon a time","max_tokens":400,"stream":true,"temperature":2,"n":64}""";
        await using LocalServer server = await LocalServer.StartAsync("demo", maxSequences: 1);
        using RawConnection running = await RawConnection.OpenAsync(server.Http.Url);
        await running.PostAsync("/v1/completions", busy);
        Assert.True(await running.ReadToAsync("\"text\""));
        using RawConnection queued = await RawConnection.OpenAsync(server.Http.Url);
        await queued.PostAsync("/v1/completions", busy);
        await MetricsReader.WaitForAsync(server.Http, """sluice_requests_in_flight{endpoint="/v1/completions"} 2""");

        queued.Reset();
        running.Reset();

        await MetricsReader.WaitForAsync(server.Http, """sluice_requests_total{endpoint="/v1/completions",status="499"} 2""");
        await MetricsReader.WaitForAsync(server.Http, """sluice_source_running{source="demo"} 0""");
        await MetricsReader.WaitForAsync(server.Http, """sluice_source_queued{source="demo"} 0""");
        await MetricsReader.WaitForAsync(server.Http, """sluice_source_kv_blocks_used{source="demo"} 0""");
    }

    [Fact]
    public async Task Prompt_LongerThanTheContext_Gets400()
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");
        string longText = string.Concat(Enumerable.Repeat("word ", 2000));

        using HttpResponseMessage response = await server.Http.PostAsync(
            "/v1/chat/completions", $$"""{"model":"demo","messages":[{"role":"user","content":"{{longText}}"}]}""");

        ErrorBody error = await ErrorBody.ReadAsync(response);
        Assert.Equal((400, "context_length_exceeded", "messages"), (error.Status, error.Code, error.Param));
    }

    private static Answer Expected(ReferencePrompt prompt) => new(prompt.Text, prompt.FinishReason, prompt.PromptTokens);

    private static async Task<Answer> AskAsync(TestServer server, ReferencePrompt prompt, bool stream)
    {
        JsonObject body = prompt.Body.DeepClone().AsObject();
        body["stream"] = stream;
        if (stream)
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        bool chat = body.ContainsKey("messages");
        using HttpResponseMessage response = await server.PostAsync(prompt.Path, body.ToJsonString());
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{prompt.Name}: {text}");
        return stream ? ReadStream(text, chat) : ReadBody(JsonElement.Parse(text), chat);
    }

    private static Answer ReadBody(JsonElement body, bool chat)
    {
        ApiSchemas.Check(chat ? "chat.completion" : "completion", body);
        JsonElement choice = body.GetProperty("choices")[0];
        JsonElement text = chat ? choice.GetProperty("message").GetProperty("content") : choice.GetProperty("text");
        int promptTokens = body.GetProperty("usage").GetProperty("prompt_tokens").GetInt32();
        return new Answer(text.GetString()!, choice.GetProperty("finish_reason").GetString(), promptTokens);
    }

    private static Answer ReadStream(string stream, bool chat)
    {
        var text = new StringBuilder();
        string? finish = null;
        IReadOnlyList<JsonElement> chunks = SseReader.Chunks(stream);
        foreach (JsonElement choice in chunks.SkipLast(1).Select(chunk => chunk.GetProperty("choices")[0]))
        {
            if (!chat)
                text.Append(choice.GetProperty("text").GetString());
            else if (choice.GetProperty("delta").TryGetProperty("content", out JsonElement content))
                text.Append(content.GetString());
            finish = choice.GetProperty("finish_reason").GetString() ?? finish;
        }
        return new Answer(text.ToString(), finish, chunks[^1].GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    private static async Task<int> KeepAskingAsync(TestServer server, string model, int number, CancellationToken done)
    {
        int answered = 0;
        while (!done.IsCancellationRequested)
        {
            var request = new JsonObject
            {
                ["model"] = model,
                ["prompt"] = $"Story {number}.{answered}: once",
                ["max_tokens"] = 20 + (number * 10),
                ["stream"] = number % 2 == 0,
            };
            using HttpResponseMessage response = await server.PostAsync("/v1/completions", request.ToJsonString());
            Assert.True(response.IsSuccessStatusCode);
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            answered++;
        }
        return answered;
    }

    private sealed record Answer(string Text, string? FinishReason, int PromptTokens);
}

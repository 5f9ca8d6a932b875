using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Golden;
using Sluice.Http.Fakes;

namespace Sluice.Http.Demo;

/// <summary>
/// What a client tells the chat template, seen in what the model answers: the same as to the plain prompt that the template should give.
/// </summary>
[Collection(RealModels.Name)]
public sealed class ChatTemplateTests
{
    private const string Turn = """[{"role":"user","content":"Who are you?"}]""";
    private const string Begun = """[{"role":"user","content":"Who are you?"},{"role":"assistant","content":"I am"}]""";

    private const string BegunInParts =
        """[{"role":"user","content":[{"type":"text","text":"Who are you?"}]},{"role":"assistant","content":[{"type":"text","text":"I am"}]}]""";

    private const string Template =
        "{% for m in messages %}{{ '<|im_start|>' ~ m.role ~ '\\n' ~ m.content ~ '<|im_end|>\\n' }}{% endfor %}"
        + "{% if style == 'shout' %}{{ raise_exception('no shouting here') }}{% endif %}"
        + "{% if add_generation_prompt %}<|im_start|>assistant\n{% if enable_thinking is defined and not enable_thinking %}<think></think>{% endif %}{% endif %}";

    [Theory]
    [InlineData(Turn, "", "<|im_start|>user\nWho are you?<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData(Turn, ",\"add_generation_prompt\":false", "<|im_start|>user\nWho are you?<|im_end|>\n")]
    [InlineData(Begun, ",\"continue_final_message\":true", "<|im_start|>user\nWho are you?<|im_end|>\n<|im_start|>assistant\nI am")]
    [InlineData(BegunInParts, ",\"continue_final_message\":true,\"add_generation_prompt\":false", "<|im_start|>user\nWho are you?<|im_end|>\n<|im_start|>assistant\nI am")]
    [InlineData(Turn, ",\"chat_template_kwargs\":{\"enable_thinking\":true}", "<|im_start|>user\nWho are you?<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData(Turn, ",\"chat_template_kwargs\":{\"enable_thinking\":false}", "<|im_start|>user\nWho are you?<|im_end|>\n<|im_start|>assistant\n<think></think>")]
    public async Task Answer_OptionsOfTheTemplate_IsThatOfThePromptTheyMean(string messages, string options, string prompt)
    {
        using var folder = new ModelFolder(Template);
        await using LocalServer server = await LocalServer.StartAsync(folder.Path);

        JsonElement chat = await AskAsync(server, "/v1/chat/completions", $"\"messages\":{messages}{options}");
        JsonElement plain = await AskAsync(server, "/v1/completions", $"\"prompt\":{JsonValue.Create(prompt)!.ToJsonString()}");

        Assert.Equal(PromptTokens(plain), PromptTokens(chat));
        string text = plain.GetProperty("choices")[0].GetProperty("text").GetString()!;
        if (prompt.EndsWith("</think>", StringComparison.Ordinal))
            text = text.TrimStart(); // white space behind thoughts is no part of the answer
        Assert.Equal(text, chat.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    [Theory]
    [InlineData(Turn, ",\"chat_template_kwargs\":{\"style\":\"shout\"}", "refuses this conversation: no shouting here")]
    [InlineData("""[{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]}]""",
        ",\"continue_final_message\":true", "the last message has no text to continue")]
    public async Task Conversation_ThatTheTemplateRefuses_Gets400WithItsReason(string messages, string options, string reason)
    {
        using var folder = new ModelFolder(Template);
        await using LocalServer server = await LocalServer.StartAsync(folder.Path);

        using HttpResponseMessage response = await server.Http.PostAsync(
            "/v1/chat/completions", $$"""{"model":"{{server.Name}}","messages":{{messages}}{{options}}}""");

        ErrorBody error = await ErrorBody.ReadAsync(response);
        Assert.Equal((400, "messages"), (error.Status, error.Param));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> AskAsync(LocalServer server, string path, string fields)
    {
        using HttpResponseMessage response = await server.Http.PostAsync(path, $$"""{"model":"{{server.Name}}","temperature":0,"max_tokens":12,{{fields}}}""");
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonElement.Parse(body);
    }

    private static int PromptTokens(JsonElement body) => body.GetProperty("usage").GetProperty("prompt_tokens").GetInt32();

    /// <summary>The small model's folder with another template.</summary>
    private sealed class ModelFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sluice-template-");

        public ModelFolder(string template)
        {
            foreach (string file in Directory.GetFiles(GoldenData.Require("../demo/main")))
                File.CreateSymbolicLink(System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file)), file);
            File.WriteAllText(System.IO.Path.Combine(Path, "chat_template.jinja"), template);
        }

        public string Path => _folder.FullName;

        public void Dispose() => _folder.Delete(recursive: true);
    }
}

using System.Text.Json;
using Sluice.Golden;
using Sluice.Http.Fakes;

namespace Sluice.Http.Schemas;

/// <summary>Every option of the published request schemas has an answer here: taken, or refused by name, but never "unknown".</summary>
public sealed class PublishedOptionsTests
{
    [Theory]
    [InlineData("completion.request", "/v1/completions", """{"model":"fake","prompt":"x","NAME":VALUE}""")]
    [InlineData("chat.request", "/v1/chat/completions", """{"model":"fake","messages":[{"role":"user","content":"x"}],"NAME":VALUE}""")]
    public async Task Option_OfTheSchema_IsKnown(string schema, string path, string template)
    {
        JsonElement defs = JsonElement.Parse(File.ReadAllBytes(GoldenData.Require($"api/{schema}.schema.json"))).GetProperty("$defs");
        string[] names = [.. OptionsOf(defs).Distinct()];
        Assert.True(names.Length > 15, $"only {names.Length} options were found");
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());
        foreach (string name in names.Except(["model", "prompt", "messages"]))
        {
            string body = template.Replace("NAME", name, StringComparison.Ordinal);

            using HttpResponseMessage absent = await server.PostAsync(path, body.Replace("VALUE", "null", StringComparison.Ordinal));
            Assert.True(absent.IsSuccessStatusCode, $"{name}: null is refused");

            string odd = body.Replace("VALUE", """{"no":["such","value"]}""", StringComparison.Ordinal);
            using HttpResponseMessage wrong = await server.PostAsync(path, odd);
            if (!wrong.IsSuccessStatusCode)
                Assert.NotEqual("unknown_parameter", (await ErrorBody.ReadAsync(wrong)).Code);
        }
    }

    [Fact]
    public async Task Request_OfThePublishedExamples_IsAnsweredOrRefusedForWhatIsNotBuilt()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());
        int answered = 0;
        foreach (JsonElement example in ApiSchemas.Lines("api/openai-examples.jsonl"))
        {
            string path = example.GetProperty("path").GetString()!;
            if (path is not ("/chat/completions" or "/completions"))
                continue;
            string body = example.GetProperty("request").GetRawText().Replace("VAR_chat_model_id", "fake", StringComparison.Ordinal)
                .Replace("VAR_completion_model_id", "fake", StringComparison.Ordinal).Replace("gpt-5.4", "fake", StringComparison.Ordinal);

            using HttpResponseMessage response = await server.PostAsync("/v1" + path, body);

            if (response.IsSuccessStatusCode)
                answered++;
            else
                Assert.Equal("unsupported_value", (await ErrorBody.ReadAsync(response)).Code);
        }
        Assert.Equal(5, answered);
    }

    /// <summary>The names of the options in all parts that the schema puts a request together from.</summary>
    private static IEnumerable<string> OptionsOf(JsonElement defs) => defs.EnumerateObject()
        .Where(def => def.Name is "CreateChatCompletionRequest" or "CreateCompletionRequest" || def.Name.Contains("ResponseProperties"))
        .SelectMany(def => def.Value.TryGetProperty("allOf", out JsonElement parts) ? parts.EnumerateArray().ToArray() : [def.Value])
        .Where(part => part.TryGetProperty("properties", out _))
        .SelectMany(part => part.GetProperty("properties").EnumerateObject().Select(option => option.Name));
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Golden;
using Sluice.Http.Schemas;

namespace Sluice.Http.Demo;

/// <summary>Answers of llama.cpp's server to the same requests in Anthropic's dialect on the same model.</summary>
[Collection(RealModels.Name)]
public sealed class MessagesTranscriptTests
{
    [Fact]
    public async Task Message_OfTheTranscripts_HasTheSameTextStopAndUsage()
    {
        await using LocalServer server = await LocalServer.StartAsync(GoldenData.Require("models/stories260K/stories260K-chat.gguf"));
        int compared = 0;
        foreach (JsonElement transcript in ApiSchemas.Lines("api/transcripts.jsonl"))
        {
            if (transcript.GetProperty("endpoint").GetString() != "/v1/messages")
                continue;
            JsonObject request = JsonNode.Parse(transcript.GetProperty("request").GetRawText())!.AsObject();
            request["model"] = server.Name;
            JsonElement message = await PostAsync(server, "/v1/messages", request);
            request.Remove("max_tokens");
            JsonElement count = await PostAsync(server, "/v1/messages/count_tokens", request);

            JsonElement expected = transcript.GetProperty("expect");
            ApiSchemas.Check("anthropic.message", message);
            Assert.Equal(expected.GetProperty("text").GetString(), message.GetProperty("content")[0].GetProperty("text").GetString());
            Assert.Equal(expected.GetProperty("stop_reason").GetString(), message.GetProperty("stop_reason").GetString());
            Assert.Equal(expected.GetProperty("stop_sequence").GetString(), message.GetProperty("stop_sequence").GetString());
            Assert.Equal(expected.GetProperty("count_tokens").GetInt32(), count.GetProperty("input_tokens").GetInt32());
            CompareUsage(expected, message.GetProperty("usage"));
            compared++;
        }
        Assert.Equal(3, compared);
    }

    /// <summary>The reference counts the whole prompt, Anthropic's API what came from a cache apart.</summary>
    private static void CompareUsage(JsonElement expected, JsonElement usage)
    {
        JsonElement wanted = expected.GetProperty("usage");
        Assert.Equal(
            wanted.GetProperty("input_tokens").GetInt32(),
            usage.GetProperty("input_tokens").GetInt32() + usage.GetProperty("cache_read_input_tokens").GetInt32());
        int tolerance = expected.TryGetProperty("usage_tolerance", out JsonElement allowed) ? allowed.GetInt32() : 0;
        int output = wanted.GetProperty("output_tokens").GetInt32();
        Assert.InRange(usage.GetProperty("output_tokens").GetInt32(), output - tolerance, output + tolerance);
    }

    private static async Task<JsonElement> PostAsync(LocalServer server, string path, JsonObject request)
    {
        using HttpResponseMessage response = await server.Http.PostAsync(path, request.ToJsonString());
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonElement.Parse(body);
    }
}

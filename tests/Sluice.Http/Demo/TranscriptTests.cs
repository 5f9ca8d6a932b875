using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Golden;
using Sluice.Http.Schemas;

namespace Sluice.Http.Demo;

/// <summary>Answers of llama.cpp's server to the same requests on the same model, but for log-probabilities, which are not built.</summary>
[Collection(RealModels.Name)]
public sealed class TranscriptTests
{
    [Fact]
    public async Task Answer_OfTheTranscripts_HasTheSameTextFinishAndUsage()
    {
        await using LocalServer server = await LocalServer.StartAsync(GoldenData.Require("models/stories260K/stories260K-chat.gguf"));
        int compared = 0;
        foreach (JsonElement transcript in ApiSchemas.Lines("api/transcripts.jsonl"))
        {
            string path = transcript.GetProperty("endpoint").GetString()!;
            if (path is not ("/v1/completions" or "/v1/chat/completions"))
                continue;
            string name = transcript.GetProperty("name").GetString()!;
            JsonObject request = JsonNode.Parse(transcript.GetProperty("request").GetRawText())!.AsObject();
            request.Remove("logprobs");
            request.Remove("top_logprobs");
            request["model"] = server.Name;

            using HttpResponseMessage response = await server.Http.PostAsync(path, request.ToJsonString());

            string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode, $"{name}: {body}");
            Compare(name, transcript.GetProperty("expect"), JsonElement.Parse(body));
            compared++;
        }
        Assert.Equal(17, compared);
    }

    private static void Compare(string name, JsonElement expected, JsonElement body)
    {
        JsonElement choice = body.GetProperty("choices")[0];
        bool chat = choice.TryGetProperty("message", out JsonElement message);
        JsonElement text = chat ? message.GetProperty("content") : choice.GetProperty("text");
        Assert.True(expected.GetProperty("text").GetString() == text.GetString(), $"{name}: {text}");
        Assert.True(expected.GetProperty("finish_reason").GetString() == choice.GetProperty("finish_reason").GetString(), name);
        JsonElement usage = body.GetProperty("usage");
        JsonElement expectedUsage = expected.GetProperty("usage");
        Assert.Equal(expectedUsage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("prompt_tokens").GetInt32());
        int tolerance = expected.TryGetProperty("usage_tolerance", out JsonElement allowed) ? allowed.GetInt32() : 0;
        int completion = expectedUsage.GetProperty("completion_tokens").GetInt32();
        Assert.InRange(usage.GetProperty("completion_tokens").GetInt32(), completion - tolerance, completion + tolerance);
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Golden;
using Sluice.Http.Schemas;

namespace Sluice.Http.Demo;

/// <summary>Answers of llama.cpp's server to the same requests on the same model.</summary>
[Collection(RealModels.Name)]
public sealed class TranscriptTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Answer_OfTheTranscripts_HasTheSameTextFinishAndUsage()
    {
        await using LocalServer server = await LocalServer.StartAsync(GoldenData.Require("models/stories260K/stories260K-chat.gguf"));
        int compared = 0, tokens = 0;
        foreach (JsonElement transcript in ApiSchemas.Lines("api/transcripts.jsonl"))
        {
            string path = transcript.GetProperty("endpoint").GetString()!;
            if (path is not ("/v1/completions" or "/v1/chat/completions"))
                continue;
            string name = transcript.GetProperty("name").GetString()!;
            JsonObject request = JsonNode.Parse(transcript.GetProperty("request").GetRawText())!.AsObject();
            request["model"] = server.Name;

            using HttpResponseMessage response = await server.Http.PostAsync(path, request.ToJsonString());

            string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode, $"{name}: {body}");
            JsonElement answer = JsonElement.Parse(body);
            Compare(name, transcript.GetProperty("expect"), answer);
            tokens += CompareLogprobs(name, transcript.GetProperty("expect").GetProperty("logprobs"), answer.GetProperty("choices")[0].GetProperty("logprobs"));
            compared++;
        }
        output.WriteLine($"{compared} answers, {tokens} tokens with log-probabilities");
        Assert.Equal(17, compared);
        Assert.Equal(539, tokens);
    }

    /// <summary>
    /// Every token that the reference lists, and its five most likely, whichever form the endpoint has; returns how many tokens.
    /// </summary>
    private static int CompareLogprobs(string name, JsonElement expected, JsonElement actual)
    {
        bool chat = actual.TryGetProperty("content", out JsonElement content);
        int count = expected.GetArrayLength();
        Assert.InRange(chat ? content.GetArrayLength() : actual.GetProperty("tokens").GetArrayLength(), count, count + 1); // of a stopped text the reference drops one more
        for (int i = 0; i < count; i++)
        {
            (string? token, double logprob) = chat
                ? (content[i].GetProperty("token").GetString(), content[i].GetProperty("logprob").GetDouble())
                : (actual.GetProperty("tokens")[i].GetString(), actual.GetProperty("token_logprobs")[i].GetDouble());
            if (chat)
                Assert.Equal(Bytes(expected[i]), Bytes(content[i]));
            else
                Assert.Equal(expected[i].GetProperty("token").GetString(), token);
            Near(name, expected[i].GetProperty("logprob").GetDouble(), logprob);
            double[] best = [.. (chat
                ? content[i].GetProperty("top_logprobs").EnumerateArray().Select(top => top.GetProperty("logprob").GetDouble())
                : actual.GetProperty("top_logprobs")[i].EnumerateObject().Select(top => top.Value.GetDouble()))];
            double[] expectedBest = [.. expected[i].GetProperty("top_logprobs").EnumerateArray().Select(top => top.GetProperty("logprob").GetDouble())];
            Assert.Equal(expectedBest.Length, best.Length);
            for (int b = 0; b < best.Length; b++)
                Near(name, expectedBest[b], best[b]);
        }
        return count;
    }

    private static int[] Bytes(JsonElement token) => [.. token.GetProperty("bytes").EnumerateArray().Select(b => b.GetInt32())];

    private static void Near(string name, double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-3, $"{name}: {actual} instead of {expected}");

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

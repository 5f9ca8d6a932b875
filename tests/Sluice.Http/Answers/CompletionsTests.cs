using System.Net;
using System.Text.Json;
using Sluice.Http.Fakes;
using Sluice.Http.Schemas;
using Sluice.Protocol.Requests;

namespace Sluice.Http.Answers;

public sealed class CompletionsTests
{
    private const string Path = "/v1/completions";

    [Fact]
    public async Task Post_NoStream_AnswersOneValidBody()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        JsonElement body = await AnswerAsync(server, """{"model":"fake","prompt":"Once"}""");

        ApiSchemas.Check("completion", body);
        Assert.Equal("text_completion", body.GetProperty("object").GetString());
        Assert.StartsWith("cmpl-", body.GetProperty("id").GetString(), StringComparison.Ordinal);
        JsonElement choice = Assert.Single(body.GetProperty("choices").EnumerateArray());
        Assert.Equal(ScriptedSource.Text, choice.GetProperty("text").GetString());
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("logprobs").ValueKind);
        Assert.Equal(12, body.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Theory]
    [InlineData(""" "Once" """, 1)]
    [InlineData("""["Once","Twice"]""", 2)]
    [InlineData("[1,2,3]", 1)]
    [InlineData("[[1,2],[3],[4]]", 3)]
    public async Task Post_EveryFormOfPrompt_GivesAChoiceEach(string prompt, int prompts)
    {
        var source = new ScriptedSource();
        await using TestServer server = await TestServer.StartAsync(source);

        JsonElement body = await AnswerAsync(server, $$"""{"model":"fake","prompt":{{prompt}},"n":2,"echo":true}""");

        JsonElement.ArrayEnumerator choices = body.GetProperty("choices").EnumerateArray();
        Assert.Equal(Enumerable.Range(0, prompts * 2), choices.Select(choice => choice.GetProperty("index").GetInt32()));
        CompletionRequest seen = Assert.Single(source.Seen);
        Assert.True(seen.Echo);
        Assert.Equal(16, seen.MaxTokens);
        Assert.Equal(prompts, seen.Prompts!.Count);
    }

    [Fact]
    public async Task Post_Stream_SendsTextInBodiesOfOneKind()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        using HttpResponseMessage response = await server.PostAsync(
            Path, """{"model":"fake","prompt":"Once","stream":true,"stream_options":{"include_usage":true}}""");

        string stream = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        IReadOnlyList<JsonElement> chunks = SseReader.Chunks(stream);
        Assert.All(chunks, chunk => Assert.Equal("text_completion", chunk.GetProperty("object").GetString()));
        JsonElement[] choices = [.. chunks.SkipLast(1).Select(chunk => chunk.GetProperty("choices")[0])];
        Assert.Equal([.. ScriptedSource.Pieces, ""], choices.Select(choice => choice.GetProperty("text").GetString()!));
        Assert.Equal("stop", choices[^1].GetProperty("finish_reason").GetString());
        Assert.Equal(5, chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    private static async Task<JsonElement> AnswerAsync(TestServer server, string request)
    {
        using HttpResponseMessage response = await server.PostAsync(Path, request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}

using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Sluice.Http.Fakes;
using Sluice.Http.Schemas;
using Sluice.Protocol.Sources;

namespace Sluice.Http.Answers;

public sealed class ChatCompletionsTests
{
    private const string Path = "/v1/chat/completions";
    private const string Hello = """{"model":"fake","messages":[{"role":"user","content":"hi"}]""";

    [Fact]
    public async Task Post_NoStream_AnswersOneValidBody()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        using HttpResponseMessage response = await server.PostAsync(Path, Hello + "}");

        JsonElement body = await ReadAsync(response);
        ApiSchemas.Check("chat.completion", body);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("chat.completion", body.GetProperty("object").GetString());
        Assert.StartsWith("chatcmpl-", body.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("fake", body.GetProperty("model").GetString());
        JsonElement choice = Assert.Single(body.GetProperty("choices").EnumerateArray());
        Assert.Equal(ScriptedSource.Text, choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(
            """{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12,"prompt_tokens_details":{"cached_tokens":3}}""",
            body.GetProperty("usage").GetRawText());
    }

    [Fact]
    public async Task Post_SeveralChoices_NumbersThem()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        using HttpResponseMessage response = await server.PostAsync(Path, Hello + ""","n":3}""");

        JsonElement body = await ReadAsync(response);
        ApiSchemas.Check("chat.completion", body);
        Assert.Equal([0, 1, 2], body.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("index").GetInt32()));
        Assert.All(
            body.GetProperty("choices").EnumerateArray(),
            choice => Assert.Equal(ScriptedSource.Text, choice.GetProperty("message").GetProperty("content").GetString()));
    }

    [Fact]
    public async Task Post_Stream_SendsRoleTextFinishAndMark()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        using HttpResponseMessage response = await server.PostAsync(Path, Hello + ""","stream":true}""");

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-cache", response.Headers.CacheControl!.ToString());
        IReadOnlyList<JsonElement> chunks = await ReadChunksAsync(response);
        Assert.All(chunks, chunk => ApiSchemas.Check("chat.completion.chunk", chunk));
        Assert.Single(chunks.Select(chunk => (chunk.GetProperty("id").GetString(), chunk.GetProperty("created").GetInt64())).Distinct());
        Assert.All(chunks, chunk => Assert.Equal("chat.completion.chunk", chunk.GetProperty("object").GetString()));
        Assert.All(chunks, chunk => Assert.False(chunk.TryGetProperty("usage", out _)));
        JsonElement[] deltas = [.. chunks.Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta"))];
        Assert.Equal("""{"role":"assistant","content":""}""", deltas[0].GetRawText());
        Assert.Equal(ScriptedSource.Pieces, deltas[1..^1].Select(delta => delta.GetProperty("content").GetString()!));
        Assert.Equal("{}", deltas[^1].GetRawText());
        string?[] finishes = [.. chunks.Select(chunk => chunk.GetProperty("choices")[0].GetProperty("finish_reason").GetString())];
        Assert.All(finishes[..^1], Assert.Null);
        Assert.Equal("stop", finishes[^1]);
    }

    [Fact]
    public async Task Post_StreamWithUsage_EndsWithOneUsageChunk()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        using HttpResponseMessage response = await server.PostAsync(
            Path, Hello + ""","stream":true,"stream_options":{"include_usage":true}}""");

        IReadOnlyList<JsonElement> chunks = await ReadChunksAsync(response);
        Assert.All(chunks, chunk => ApiSchemas.Check("chat.completion.chunk", chunk));
        Assert.All(chunks.SkipLast(1), chunk => Assert.Equal(JsonValueKind.Null, chunk.GetProperty("usage").ValueKind));
        Assert.Equal(0, chunks[^1].GetProperty("choices").GetArrayLength());
        Assert.Equal(12, chunks[^1].GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Post_StreamOfSeveralChoices_BeginsEachWithItsRole()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        using HttpResponseMessage response = await server.PostAsync(Path, Hello + ""","stream":true,"n":2}""");

        JsonElement[] choices = [.. (await ReadChunksAsync(response)).Select(chunk => chunk.GetProperty("choices")[0])];
        for (int index = 0; index < 2; index++)
        {
            JsonElement[] own = [.. choices.Where(choice => choice.GetProperty("index").GetInt32() == index)];
            Assert.Equal("assistant", own[0].GetProperty("delta").GetProperty("role").GetString());
            Assert.All(own[1..], choice => Assert.False(choice.GetProperty("delta").TryGetProperty("role", out _)));
            Assert.Equal("stop", own[^1].GetProperty("finish_reason").GetString());
        }
    }

    [Fact]
    public async Task Post_Stream_SendsEachPieceWhenItIsMade()
    {
        var go = new SemaphoreSlim(0);
        var source = new ScriptedSource { Script = (_, cancellation) => Paced(go, cancellation) };
        await using TestServer server = await TestServer.StartAsync(source);
        using RawConnection client = await RawConnection.OpenAsync(server.Url);

        await client.PostAsync(Path, Hello + ""","stream":true}""");

        // Each piece must arrive while the source is held before the next: nothing on the way collects them.
        foreach (string piece in (string[])["one", "two", "three"])
        {
            Assert.DoesNotContain(piece, client.Received, StringComparison.Ordinal);
            go.Release();
            Assert.True(await client.ReadToAsync($"\"{piece}\""));
        }
        go.Release();
        Assert.True(await client.ReadToAsync("data: [DONE]\n\n"));
    }

    private static async IAsyncEnumerable<CompletionEvent> Paced(SemaphoreSlim go, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (string piece in (string[])["one", "two", "three"])
        {
            await go.WaitAsync(cancellation);
            yield return new CompletionEvent(0, piece);
        }
        await go.WaitAsync(cancellation);
        yield return new CompletionEvent(0, "", "stop");
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<IReadOnlyList<JsonElement>> ReadChunksAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return SseReader.Chunks(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}

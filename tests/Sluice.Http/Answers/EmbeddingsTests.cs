using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Sluice.Golden;
using Sluice.Http.Demo;
using Sluice.Http.Fakes;
using Sluice.Http.Schemas;
using Sluice.Local;

namespace Sluice.Http.Answers;

public sealed class EmbeddingsTests
{
    private const string Path = "/v1/embeddings";
    private const int Dim = 256;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_OneText_AnswersAValidBody()
    {
        await using LocalServer server = await LocalServer.StartAsync(ModelLocator.Demo);

        JsonElement body = await AnswerAsync(server, """ "input":"a fox" """);

        ApiSchemas.Check("embedding.list", body);
        Assert.Equal(("list", "demo"), (body.GetProperty("object").GetString(), body.GetProperty("model").GetString()));
        float[] embedding = Assert.Single(Embeddings(body));
        Assert.Equal(Dim, embedding.Length);
        Assert.Equal(1, embedding.Sum(value => (double)value * value), 1e-5);
        JsonElement usage = body.GetProperty("usage");
        Assert.InRange(usage.GetProperty("prompt_tokens").GetInt32(), 1, 5);
        Assert.Equal(usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("total_tokens").GetInt32());
    }

    [Theory]
    [InlineData("""["a fox","an owl","a fox"]""", 3)]
    [InlineData("[10,20,30]", 1)]
    [InlineData("[[10,20],[30],[10,20]]", 3)]
    public async Task Post_EveryFormOfInput_GivesAnEmbeddingEachInOrder(string input, int inputs)
    {
        await using LocalServer server = await LocalServer.StartAsync(ModelLocator.Demo);

        JsonElement body = await AnswerAsync(server, $"\"input\":{input}");

        Assert.Equal(Enumerable.Range(0, inputs), body.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("index").GetInt32()));
        float[][] embeddings = Embeddings(body);
        Assert.Equal(embeddings[0], embeddings[^1]);
        Assert.Equal(inputs == 1 ? 1 : 2, embeddings.DistinctBy(embedding => embedding[0]).Count());
    }

    [Fact]
    public async Task Post_AmongNeighbours_AreTheSameBitsAsAlone()
    {
        await using LocalServer server = await LocalServer.StartAsync(ModelLocator.Demo, maxSequences: 4);
        string[] texts = [.. Enumerable.Range(0, 40).Select(i => string.Join(' ', Enumerable.Repeat($"fox {i}", 1 + i * 2)))];
        Task<HttpResponseMessage> chat = server.Http.PostAsync(
            "/v1/chat/completions", """{"model":"demo","messages":[{"role":"user","content":"Tell me a story."}],"max_tokens":60}""");

        float[][] together = Embeddings(await AnswerAsync(server, $"\"input\":{JsonSerializer.Serialize(texts)}"));

        (await chat).Dispose();
        for (int i = 0; i < texts.Length; i += 13)
            Assert.Equal(Assert.Single(Embeddings(await AnswerAsync(server, $"\"input\":{JsonSerializer.Serialize(texts[i])}"))), together[i]);
    }

    [Fact]
    public async Task Post_Base64_HoldsTheSameFloats()
    {
        await using LocalServer server = await LocalServer.StartAsync(ModelLocator.Demo);
        JsonElement numbers = await AnswerAsync(server, """ "input":"a fox","encoding_format":"float" """);
        JsonElement base64 = await AnswerAsync(server, """ "input":"a fox","encoding_format":"base64" """);

        byte[] bytes = Convert.FromBase64String(base64.GetProperty("data")[0].GetProperty("embedding").GetString()!);

        Assert.Equal(Embeddings(numbers)[0], MemoryMarshal.Cast<byte, float>(bytes).ToArray());
    }

    [Fact]
    public async Task Post_Dimensions_KeepsTheLeadingOnesNormed()
    {
        await using LocalServer server = await LocalServer.StartAsync(ModelLocator.Demo);
        float[] whole = Embeddings(await AnswerAsync(server, """ "input":"a fox" """))[0];
        float[] cut = Embeddings(await AnswerAsync(server, """ "input":"a fox","dimensions":32 """))[0];

        double length = Math.Sqrt(whole.Take(32).Sum(value => (double)value * value));

        Assert.Equal(32, cut.Length);
        for (int i = 0; i < cut.Length; i++)
            Assert.Equal(whole[i] / length, cut[i], 1e-6);
    }

    [Fact]
    public async Task Post_TextsOfOneMeaning_AreNearerThanOthers()
    {
        await using LocalServer server = await LocalServer.StartAsync(ModelLocator.Demo);
        float[][] e = Embeddings(await AnswerAsync(server,
            """ "input":["The fox ran through the forest.","A fox is running in the woods.","Extract name and age as JSON: Maria is 34."] """));

        double Cosine(int a, int b) => e[a].Zip(e[b], (x, y) => (double)x * y).Sum();

        Assert.True(Cosine(0, 1) > Cosine(0, 2), $"{Cosine(0, 1):F3} is not above {Cosine(0, 2):F3}");
    }

    [Theory]
    [InlineData(""" "input":"x","dimensions":257 """, "dimensions", "invalid_value")]
    [InlineData(""" "input":"x","dimensions":0 """, "dimensions", "invalid_value")]
    [InlineData(""" "input":"x","encoding_format":"int8" """, "encoding_format", "invalid_value")]
    [InlineData(""" "input":"x","pooling":"last" """, "pooling", "unknown_parameter")]
    [InlineData(""" "input":[] """, "input", "invalid_value")]
    [InlineData(""" "input":[[]] """, "input[0]", "invalid_value")]
    [InlineData(""" "input":[1,-1] """, "input[1]", "invalid_value")]
    [InlineData(""" "input":[99999999] """, "input", null)]
    [InlineData(""" "input":{"text":"x"} """, "input", "invalid_type")]
    [InlineData(""" "user":"x" """, "input", "missing_required_parameter")]
    [InlineData(""" "input":"x","user":5 """, "user", "invalid_type")]
    public async Task Post_ClientsMistake_IsRefusedByField(string fields, string param, string? code)
    {
        await using LocalServer server = await LocalServer.StartAsync(ModelLocator.Demo);

        using HttpResponseMessage response = await server.Http.PostAsync(Path, $$"""{"model":"demo",{{fields}}}""");

        ErrorBody error = await ErrorBody.ReadAsync(response);
        Assert.Equal((400, param, code), (error.Status, error.Param, error.Code));
    }

    [Fact]
    public async Task Post_TextLongerThanTheContext_IsRefusedAndTheWholeContextIsNot()
    {
        await using LocalServer server = await LocalServer.StartAsync(ModelLocator.Demo);
        string Ids(int count) => $"[{string.Join(',', Enumerable.Repeat(7, count))}]";
        Assert.Single(Embeddings(await AnswerAsync(server, $"\"input\":{Ids(512)}")));

        foreach (string input in new[] { $"[[1],{Ids(513)}]", JsonSerializer.Serialize(string.Concat(Enumerable.Repeat("fox ", 5000))) })
        {
            using HttpResponseMessage response = await server.Http.PostAsync(Path, $$"""{"model":"demo","input":{{input}}}""");
            ErrorBody error = await ErrorBody.ReadAsync(response);
            Assert.Equal((400, "input", "context_length_exceeded"), (error.Status, error.Param, error.Code));
        }
    }

    [Fact]
    public async Task Post_MoreTextsThanMayWait_AreStillAllAnswered()
    {
        await using LocalServer server = await LocalServer.StartAsync(ModelLocator.Demo, maxSequences: 2);
        string inputs = string.Join(',', Enumerable.Range(0, 600).Select(i => $"[{i + 1}]"));

        Assert.Equal(600, Embeddings(await AnswerAsync(server, $"\"input\":[{inputs}],\"dimensions\":2")).Length);

        string tooMany = string.Join(',', Enumerable.Range(0, 2049).Select(i => $"[{i + 1}]"));
        using HttpResponseMessage response = await server.Http.PostAsync(Path, $$"""{"model":"demo","input":[{{tooMany}}]}""");
        Assert.Equal("array_above_max_length", (await ErrorBody.ReadAsync(response)).Code);
    }

    [Theory]
    [InlineData("nobody", HttpStatusCode.NotFound, "model_not_found")]
    [InlineData("fake", HttpStatusCode.BadRequest, "unsupported_model")]
    public async Task Post_ModelThatCannot_IsRefused(string model, HttpStatusCode status, string code)
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        using HttpResponseMessage response = await server.PostAsync(Path, $$"""{"model":"{{model}}","input":"x"}""");

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, (await ErrorBody.ReadAsync(response)).Code);
    }

    [Fact]
    public async Task Post_ClientLeaves_FreesEverything()
    {
        await using LocalServer server = await LocalServer.StartAsync(ModelLocator.Demo, maxSequences: 2);
        string inputs = string.Join(',', Enumerable.Range(0, 2000).Select(i => $"[{string.Join(',', Enumerable.Repeat(i % 90, 400))}]"));
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var content = new StringContent($$"""{"model":"demo","input":[{{inputs}}]}""", null, "application/json");
        Task<HttpResponseMessage> answer = server.Http.Client.PostAsync(Path, content, leaving.Token);
        await Eventually.IsTrueAsync(() => server.Load.PromptTokens > 0);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await Eventually.IsTrueAsync(() => server.Load is { Running: 0, Waiting: 0 });
        Assert.Equal(server.Load.Blocks, server.Load.FreeBlocks);
        Assert.True(server.Load.PromptTokens < 800_000, "all of it was computed for nobody");
    }

    [Fact]
    public async Task Option_OfThePublishedSchema_IsKnown()
    {
        JsonElement schema = JsonElement.Parse(File.ReadAllBytes(GoldenData.Require("api/embedding.request.schema.json")));
        await using LocalServer server = await LocalServer.StartAsync(ModelLocator.Demo);
        foreach (JsonProperty option in schema.GetProperty("$defs").GetProperty("CreateEmbeddingRequest").GetProperty("properties").EnumerateObject())
        {
            if (option.Name is not ("model" or "input"))
                await AnswerAsync(server, $"\"input\":\"x\",\"{option.Name}\":null");
        }
    }

    private static async Task<JsonElement> AnswerAsync(LocalServer server, string fields)
    {
        using HttpResponseMessage response = await server.Http.PostAsync(Path, $$"""{"model":"demo",{{fields}}}""");
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }

    private static float[][] Embeddings(JsonElement body) => [.. body.GetProperty("data").EnumerateArray()
        .Select(item => item.GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle()).ToArray())];
}

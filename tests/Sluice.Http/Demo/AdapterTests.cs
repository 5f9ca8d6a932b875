using System.Net;
using System.Text.Json;
using Sluice.Cpu;
using Sluice.Engine;
using Sluice.Http.Fakes;
using Sluice.Local;
using Sluice.Local.Lifecycle;
using Sluice.Protocol.Sources;
using Sluice.Server;

namespace Sluice.Http.Demo;

/// <summary>
/// Adapters of the embedded model over the wire: served under their own names, loaded and unloaded while the server runs.
/// </summary>
[Collection(RealModels.Name)]
public sealed class AdapterTests : IAsyncLifetime
{
    private CpuDevice _device = null!;
    private LocalModels _models = null!;
    private TestServer _http = null!;

    private static string Pirate => Path.Combine(AppContext.BaseDirectory, "models", "demo", "lora", "pirate");

    public async ValueTask InitializeAsync()
    {
        _device = new CpuDevice(new CpuDeviceOptions());
        var options = new LocalModelsOptions
        {
            Model = new LocalModelOptions { Engine = new EngineOptions { ContextTokens = 512, KvBytes = 64L << 20 } },
            Adapters = new Dictionary<string, IReadOnlyList<AdapterInfo>> { ["demo"] = [new AdapterInfo("first", Pirate)] },
        };
        _models = new LocalModels(_device, ["demo"], options, TimeProvider.System, new Random(1));
        _http = await TestServer.StartAsync(new ServerOptions { AllowAdapterLoading = true }, [.. _models.Sources]);
    }

    public async ValueTask DisposeAsync()
    {
        await _http.DisposeAsync();
        await _models.DisposeAsync();
        _device.Dispose();
    }

    [Fact]
    public async Task Adapters_ComeAndGo_AnswerUnderTheirNames()
    {
        Assert.Equal(["demo", "demo:first"], await NamesAsync());
        string plain = await AskAsync("demo");
        string pirate = await AskAsync("demo:first");
        Assert.DoesNotContain("Arr!", plain, StringComparison.Ordinal);
        Assert.StartsWith("Arr!", pirate, StringComparison.Ordinal);

        string second = $$"""{"lora_name":"second","lora_path":"{{Pirate}}","scale":0}""";
        using (var loaded = await _http.PostAsync("/v1/load_lora_adapter", second))
            Assert.Equal("demo:second", (await BodyAsync(loaded)).GetProperty("id").GetString());
        Assert.Equal(["demo", "demo:first", "demo:second"], await NamesAsync());
        Assert.Equal(plain, await AskAsync("demo:second")); // scaled away
        string[] models = ["demo", "demo:first", "demo:second"];
        string[] together = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => AskAsync(models[i % 3])));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => i % 3 == 1 ? pirate : plain), together);

        using (var unloaded = await _http.PostAsync("/v1/unload_lora_adapter", """{"lora_name":"demo:first"}"""))
            Assert.True((await BodyAsync(unloaded)).GetProperty("deleted").GetBoolean());
        Assert.Equal(["demo", "demo:second"], await NamesAsync());
        using var gone = await ChatAsync("demo:first");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Theory]
    [InlineData("""{"lora_name":"first","lora_path":"/nowhere"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"lora_name":"new","lora_path":"/nowhere"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"lora_name":"a b","lora_path":"/nowhere"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"lora_name":"other:new","lora_path":"/nowhere"}""", HttpStatusCode.NotFound)]
    [InlineData("""{"lora_name":"new"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"lora_name":"new","lora_path":"/nowhere","more":1}""", HttpStatusCode.BadRequest)]
    public async Task Load_WhatIsNoAdapter_IsRefusedAndChangesNothing(string body, HttpStatusCode expected)
    {
        using var response = await _http.PostAsync("/v1/load_lora_adapter", body);
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(["demo", "demo:first"], await NamesAsync());
    }

    [Fact]
    public async Task Load_NotAllowed_Is403()
    {
        await using var closed = await TestServer.StartAsync([.. _models.Sources]);
        using var load = await closed.PostAsync("/v1/load_lora_adapter", $$"""{"lora_name":"x","lora_path":"{{Pirate}}"}""");
        using var unload = await closed.PostAsync("/v1/unload_lora_adapter", """{"lora_name":"first"}""");
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (load.StatusCode, unload.StatusCode));
    }

    [Fact]
    public async Task Classify_Labels_GivesEachAProbability()
    {
        foreach (string model in new[] { "demo", "demo:first" })
        {
            using var response = await _http.PostAsync("/v1/classify", $$"""
                {"model":"{{model}}","choices":["bug","feature","billing","other"],"messages":[
                {"role":"system","content":"Classify the ticket as bug, feature, question, billing or other. Answer with one word."},
                {"role":"user","content":"The checkout page crashes when I click save."}]}
                """);
            JsonElement result = (await BodyAsync(response)).GetProperty("data")[0];
            double[] shares = [.. result.GetProperty("probs").EnumerateArray().Select(p => p.GetDouble())];
            Assert.Equal(4, result.GetProperty("num_classes").GetInt32());
            Assert.Equal(1, shares.Sum(), 1e-9);
            if (model == "demo")
                Assert.Equal("bug", result.GetProperty("label").GetString());
        }
    }

    [Theory]
    [InlineData("""{"model":"demo","prompt":"x","choices":[]}""", "choices")]
    [InlineData("""{"model":"demo","prompt":"x","choices":["a","a"]}""", "choices[1]")]
    [InlineData("""{"model":"demo","prompt":"x","choices":[""]}""", "choices[0]")]
    [InlineData("""{"model":"demo","choices":["a"]}""", "messages")]
    [InlineData("""{"model":"demo","prompt":"x","messages":[],"choices":["a"]}""", "prompt")]
    [InlineData("""{"model":"demo","prompt":"x","choices":["a"],"temperature":1}""", "temperature")]
    public async Task Classify_BadRequest_NamesTheField(string body, string param)
    {
        using var response = await _http.PostAsync("/v1/classify", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        byte[] told = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(param, JsonElement.Parse(told).GetProperty("error").GetProperty("param").GetString());
    }

    private async Task<string[]> NamesAsync()
    {
        byte[] body = await _http.Client.GetByteArrayAsync("/v1/models", TestContext.Current.CancellationToken);
        return [.. JsonElement.Parse(body).GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()!)];
    }

    private async Task<string> AskAsync(string model)
    {
        using var response = await ChatAsync(model);
        return (await BodyAsync(response)).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
    }

    private Task<HttpResponseMessage> ChatAsync(string model) => _http.PostAsync(
        "/v1/chat/completions",
        $$"""{"model":"{{model}}","temperature":0,"max_tokens":20,"messages":[{"role":"user","content":"Hello!"}]}""");

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage response)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, System.Text.Encoding.UTF8.GetString(body));
        return JsonElement.Parse(body);
    }
}

using System.Text;
using System.Text.Json;
using Sluice.Core;
using Sluice.Engine;
using Sluice.Local;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Golden;

/// <summary>
/// Features of a request compose: with drafts of every kind, through the base model and through adapters, with KV of either type, alone and
/// among 15 others, greedy text is what the same request gives alone and without drafts.
/// </summary>
public sealed class CompositionTests(ITestOutputHelper output)
{
    private const string Tools =
        """[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}]""";

    private const string Schema =
        """
        {"type":"object","properties":{"name":{"type":"string","maxLength":20},"age":{"enum":[27,34,41]},"city":{"enum":["Oslo","Lisbon"]}},
        "required":["name","age","city"],"additionalProperties":false}
        """;

    private static readonly string[] Models = ["demo", "demo:pirate", "demo:upper"];

    private static readonly (string Kind, string Fields)[] Kinds =
    [
        ("plain", """ "messages":[{"role":"user","content":"Tell me a story about a fox."}] """),
        ("copy", """ "messages":[{"role":"system","content":"Extract name, age and city as JSON."},{"role":"user","content":"Maria is 34 years old and lives in Lisbon."}] """),
        ("predicted", """ "messages":[{"role":"user","content":"Who are you?"}],"prediction":{"type":"content","content":"I am Sluice's built-in model, a tiny model."} """),
        ("schema", $$$"""
            "messages":[{"role":"user","content":"Maria is 34 years old and lives in Lisbon."}],
            "response_format":{"type":"json_schema","json_schema":{"name":"person","strict":true,"schema":{{{Schema}}}}}
            """),
        ("tools", $$""" "messages":[{"role":"user","content":"What is the weather in Oslo?"}],"tools":{{Tools}} """),
    ];

    public static MatrixTheoryData<string, DType> DraftsAndKv => new(["ngram", "model"], [DType.F16, DType.Q8_0]);

    [Theory]
    [MemberData(nameof(DraftsAndKv))]
    public async Task Answer_AnyCombination_IsThatOfTheRequestAloneWithoutDrafts(string draft, DType kv)
    {
        string[] bodies = [.. from model in Models from kind in Kinds select Body(model, kind.Fields)];
        List<string> expected;
        using (var plain = Open(kv, null))
            expected = await AloneAsync(plain, bodies);
        foreach (string answer in expected.Where((_, i) => Kinds[i % Kinds.Length].Kind == "schema"))
            Assert.Equal(3, JsonElement.Parse(answer[..^"stop".Length]).GetPropertyCount()); // whole, and so ended by itself
        using var drafted = Open(kv, draft == "model" ? GoldenData.Require("../demo/sluice-draft-f16.gguf") : draft);
        Assert.Equal(expected, await AloneAsync(drafted, bodies));
        Assert.Equal(expected, await TogetherAsync(drafted, bodies));
        var load = drafted.Engine.Load.Drafts;
        output.WriteLine($"{draft}, {kv}: {load.Accepted} of {load.Proposed} proposed tokens came true");
        Assert.InRange(load.Proposed, 1, long.MaxValue); // how many is a matter of what rows cost in these minutes
    }

    private static string Body(string model, string fields) => $$"""{"model":"{{model}}","temperature":0,"max_tokens":96,{{fields}}}""";

    private static LocalModel Open(DType kv, string? draft) => LocalModel.Open(GoldenData.Require("../demo/sluice-demo-f16.gguf"), new LocalModelOptions
    {
        Name = "demo",
        Draft = draft,
        Adapters = [.. new[] { "pirate", "upper" }.Select(name => new AdapterInfo(name, GoldenData.Require($"../demo/lora/{name}")))],
        Engine = new EngineOptions { KvType = kv, ContextTokens = 512, MaxSequences = 16, MergeIdentical = false },
    });

    private static async Task<List<string>> AloneAsync(LocalModel model, string[] bodies)
    {
        var texts = new List<string>();
        foreach (string body in bodies)
            texts.Add(await AnswerAsync(model, body));
        return texts;
    }

    /// <summary>Sixteen at once: the requests, then some of them again.</summary>
    private static async Task<string[]> TogetherAsync(LocalModel model, string[] bodies)
    {
        string[] sixteen = [.. Enumerable.Range(0, 16).Select(i => bodies[i % bodies.Length])];
        return [.. (await Task.WhenAll(sixteen.Select(body => Task.Run(() => AnswerAsync(model, body))))).Take(bodies.Length)];
    }

    private static async Task<string> AnswerAsync(LocalModel model, string body)
    {
        var source = new LocalSource(model, TimeProvider.System, new Random(1));
        var request = new Request(Encoding.UTF8.GetBytes(body), new OpenAiChatDialect());
        using var prepared = await source.PrepareAsync(request, new RequestContext("test"), TestContext.Current.CancellationToken);
        var text = new StringBuilder();
        await foreach (var e in source.CompleteAsync(prepared, TestContext.Current.CancellationToken))
        {
            text.Append(e.Reasoning).Append(e.Text).Append(e.FinishReason);
            foreach (var call in e.ToolCalls ?? [])
                text.Append(call.Index).Append(call.Name).Append(call.Arguments);
        }
        return text.ToString();
    }
}

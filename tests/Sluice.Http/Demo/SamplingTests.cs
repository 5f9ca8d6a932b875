using System.Text.Json;
using Sluice.Core;
using Sluice.Http.Fakes;
using Sluice.Local;
using Sluice.Models.Tokenizers;

namespace Sluice.Http.Demo;

/// <summary>Sampling options over the wire, by what they do to the embedded model's answers.</summary>
[Collection(RealModels.Name)]
public sealed class SamplingTests
{
    private const string Fox = "Once upon a time, there was a little fox named Mia.";

    [Fact]
    public async Task LogitBias_ForbiddenToken_DoesNotComeAndForcedOneDoes()
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");
        JsonElement plain = await AnswerAsync(server, """ "temperature":0,"max_tokens":1,"logprobs":1 """);
        string first = plain.GetProperty("text").GetString()!;
        int id = Encode(first)[0];

        JsonElement forbidden = await AnswerAsync(server, $$""" "temperature":0,"max_tokens":1,"logit_bias":{"{{id}}":-100} """);
        JsonElement forced = await AnswerAsync(server, $$""" "temperature":1,"max_tokens":5,"logit_bias":{"{{id}}":100} """);

        Assert.NotEqual(first, forbidden.GetProperty("text").GetString());
        Assert.Equal(string.Concat(Enumerable.Repeat(first, 5)), forced.GetProperty("text").GetString());
    }

    [Fact]
    public async Task MinTokensAndIgnoreEos_HoldTheEndOff()
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");
        async Task<(string?, int)> Ask(string fields)
        {
            using HttpResponseMessage response = await server.Http.PostAsync("/v1/chat/completions",
                $$"""{"model":"demo","messages":[{"role":"user","content":"Who are you?"}],"temperature":0,"max_tokens":60{{fields}}}""");
            JsonElement body = JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            return (body.GetProperty("choices")[0].GetProperty("finish_reason").GetString(), body.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        }

        var plain = await Ask("");
        Assert.Equal("stop", plain.Item1);
        Assert.Equal(("length", 60), await Ask(",\"ignore_eos\":true"));
        var longer = await Ask($",\"min_tokens\":{plain.Item2 + 5}");
        Assert.True(longer.Item2 >= plain.Item2 + 5, $"{longer.Item2} tokens instead of {plain.Item2} and five more");
    }

    [Fact]
    public async Task BestOf_Several_GivesTheLikeliestOfThem()
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");
        const string Terms = """ "temperature":1.5,"seed":3,"max_tokens":12,"logprobs":0 """;
        JsonElement all = await BodyAsync(server, Terms + ",\"n\":6");
        JsonElement[] expected = [.. all.GetProperty("choices").EnumerateArray()
            .OrderByDescending(choice => choice.GetProperty("logprobs").GetProperty("token_logprobs").EnumerateArray().Average(l => l.GetDouble())).Take(2)];

        JsonElement best = await BodyAsync(server, Terms + ",\"n\":2,\"best_of\":6");

        Assert.Equal(expected.Select(Text), best.GetProperty("choices").EnumerateArray().Select(Text));
        Assert.Equal([0, 1], best.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("index").GetInt32()));
        Assert.Equal(
            all.GetProperty("usage").GetProperty("completion_tokens").GetInt32(), best.GetProperty("usage").GetProperty("completion_tokens").GetInt32());

        static string? Text(JsonElement choice) => choice.GetProperty("text").GetString();
    }

    [Fact]
    public async Task EchoWithLogprobs_SaysHowLikelyThePromptWas()
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");
        int[] ids = Encode(Fox);
        var expected = new List<double>();
        using (var local = LocalModel.Open("demo"))
        {
            local.ComputeLogits(DType.F32, ids, 64, (position, logits) =>
            {
                if (position + 1 < ids.Length)
                    expected.Add(logits[ids[position + 1]] - Math.Log(logits.Sum(l => Math.Exp(l))));
            }, TestContext.Current.CancellationToken);
        }

        JsonElement choice = await AnswerAsync(server, """ "temperature":0,"max_tokens":3,"echo":true,"logprobs":2 """);

        JsonElement logprobs = choice.GetProperty("logprobs");
        double?[] actual = [.. logprobs.GetProperty("token_logprobs").EnumerateArray().Select(l => l.ValueKind == JsonValueKind.Null ? (double?)null : l.GetDouble())];
        string[] tokens = [.. logprobs.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()!)];
        Assert.Equal(ids.Length + 3, actual.Length);
        Assert.Null(actual[0]);
        for (int i = 0; i < expected.Count; i++)
            Assert.Equal(expected[i], actual[i + 1]!.Value, 1e-3);
        Assert.Equal(choice.GetProperty("text").GetString(), string.Concat(tokens));
        int[] offsets = [.. logprobs.GetProperty("text_offset").EnumerateArray().Select(o => o.GetInt32())];
        Assert.Equal(tokens.Select((_, i) => string.Concat(tokens[..i]).Length), offsets);
        Assert.StartsWith(Fox, choice.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"logit_bias\":{\"999999999\":1}", "logit_bias")]
    [InlineData("\"logprobs\":20,\"n\":20", "logprobs")]
    public async Task Request_BeyondThisModel_IsRefusedByName(string fields, string param)
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");
        using HttpResponseMessage response = await server.Http.PostAsync("/v1/completions", $$"""{"model":"demo","prompt":"x",{{fields}}}""");
        Assert.Equal((400, param), ((int)response.StatusCode, (await ErrorBody.ReadAsync(response)).Param));
    }

    [Theory]
    [InlineData("\"typical_p\":0.5,\"min_keep\":2")]
    [InlineData("\"top_n_sigma\":1,\"xtc_probability\":1,\"xtc_threshold\":0.05")]
    [InlineData("\"dry_multiplier\":2,\"dry_allowed_length\":1,\"dry_sequence_breakers\":[\"\\n\",\"fox named\"]")]
    [InlineData("\"repeat_penalty\":1.3,\"repeat_last_n\":32")]
    [InlineData("\"dynatemp_range\":0.9,\"dynatemp_exponent\":0.5")]
    [InlineData("\"mirostat\":1,\"mirostat_tau\":3")]
    [InlineData("\"mirostat\":2,\"mirostat_eta\":0.5")]
    public async Task Option_OfOtherServers_ChangesTheAnswerOfASeed(string fields)
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");
        const string Terms = """ "temperature":1.4,"seed":8,"max_tokens":60 """;
        string? plain = (await AnswerAsync(server, Terms)).GetProperty("text").GetString();
        string? changed = (await AnswerAsync(server, Terms + "," + fields)).GetProperty("text").GetString();
        string? again = (await AnswerAsync(server, Terms + "," + fields)).GetProperty("text").GetString();
        Assert.NotEqual(plain, changed);
        Assert.Equal(changed, again);
    }

    private static int[] Encode(string text)
    {
        using var local = LocalModel.Open("demo");
        var ids = new List<int>();
        local.Tokenizer.Encode(text, EncodeOptions.Prompt, ids);
        return [.. ids];
    }

    private static async Task<JsonElement> AnswerAsync(LocalServer server, string fields) => (await BodyAsync(server, fields)).GetProperty("choices")[0];

    private static async Task<JsonElement> BodyAsync(LocalServer server, string fields)
    {
        using HttpResponseMessage response = await server.Http.PostAsync("/v1/completions", $$"""{"model":"demo","prompt":"{{Fox}}",{{fields}}}""");
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, System.Text.Encoding.UTF8.GetString(body));
        return JsonElement.Parse(body);
    }
}

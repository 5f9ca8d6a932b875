using System.Text;
using System.Text.Json;
using Sluice.Http.Demo;
using Sluice.Http.Fakes;
using Sluice.Http.Schemas;

namespace Sluice.Http.Errors;

/// <summary>The published list of requests that must be refused, with a real model behind the door: some of it is the model's to refuse.</summary>
[Collection(RealModels.Name)]
public sealed class BadRequestTests
{
    [Fact]
    public async Task Request_OfThePublishedList_IsRefusedAsListed()
    {
        await using LocalServer server = await LocalServer.StartAsync("demo");
        int checkedCases = 0;
        foreach (JsonElement bad in ApiSchemas.Lines("api/bad-requests.jsonl"))
        {
            string name = bad.GetProperty("name").GetString()!;
            string path = bad.GetProperty("path").GetString()!;
            // Anthropic's errors have a shape of their own, and who may come in is tested with keys.
            if (path == "/v1/messages" || name.StartsWith("auth-", StringComparison.Ordinal))
                continue;
            var method = new HttpMethod(bad.GetProperty("method").GetString()!);
            using var request = new HttpRequestMessage(method, path) { Content = BodyOf(bad) };
            using HttpResponseMessage response = await server.Http.Client.SendAsync(request, TestContext.Current.CancellationToken);

            ErrorBody error = await ErrorBody.ReadAsync(response);

            Assert.True(bad.GetProperty("expect_status").GetInt32() == error.Status, $"{name}: {error}");
            if (bad.TryGetProperty("expect_param", out JsonElement param))
                Assert.True(param.GetString() == error.Param, $"{name}: {error}");
            if (bad.TryGetProperty("expect_error_type_any_of", out JsonElement types))
                Assert.True(types.EnumerateArray().Any(type => type.GetString() == error.Type), $"{name}: {error}");
            checkedCases++;
        }
        Assert.Equal(24, checkedCases);
        Assert.Empty(server.Http.Log.Lines);
    }

    private static ByteArrayContent? BodyOf(JsonElement bad)
    {
        if (bad.GetProperty("method").GetString() == "GET")
            return null;
        byte[] bytes = bad.TryGetProperty("raw_body_b64", out JsonElement base64)
            ? base64.GetBytesFromBase64()
            : Encoding.UTF8.GetBytes(
                (bad.TryGetProperty("raw_body", out JsonElement raw) ? raw.GetString()! : bad.GetProperty("body").GetRawText())
                .Replace("{MODEL}", "demo", StringComparison.Ordinal)
                .Replace("{REPEAT:word :200000}", string.Concat(Enumerable.Repeat("word ", 200_000)), StringComparison.Ordinal));
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        return content;
    }
}

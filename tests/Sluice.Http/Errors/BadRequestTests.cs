using System.Text;
using System.Text.Json;
using Sluice.Http.Fakes;
using Sluice.Http.Schemas;
using Sluice.Protocol.Requests;

namespace Sluice.Http.Errors;

/// <summary>The published list of requests that must be refused, as far as their endpoints exist here.</summary>
public sealed class BadRequestTests
{
    private static readonly string[] Absent = ["/v1/embeddings", "/v1/messages"];

    [Fact]
    public async Task Request_OfThePublishedList_IsRefusedAsListed()
    {
        // A context that is full is the source's to say.
        var source = new ScriptedSource
        {
            Preparing = (request, _) => request.View.Messages?[0].Content?.Length > 100_000
                ? throw new InvalidRequestException("The prompt is longer than the context.", "messages", "context_length_exceeded")
                : Task.CompletedTask,
        };
        await using TestServer server = await TestServer.StartAsync(source);
        int checkedCases = 0;
        foreach (JsonElement bad in ApiSchemas.Lines("api/bad-requests.jsonl"))
        {
            string name = bad.GetProperty("name").GetString()!;
            string path = bad.GetProperty("path").GetString()!;
            if (Absent.Contains(path) || name.StartsWith("auth-", StringComparison.Ordinal))
                continue;
            var method = new HttpMethod(bad.GetProperty("method").GetString()!);
            using var request = new HttpRequestMessage(method, path) { Content = BodyOf(bad) };
            using HttpResponseMessage response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

            ErrorBody error = await ErrorBody.ReadAsync(response);

            Assert.True(bad.GetProperty("expect_status").GetInt32() == error.Status, $"{name}: {error}");
            if (bad.TryGetProperty("expect_param", out JsonElement param))
                Assert.True(param.GetString() == error.Param, $"{name}: {error}");
            if (bad.TryGetProperty("expect_error_type_any_of", out JsonElement types))
                Assert.True(types.EnumerateArray().Any(type => type.GetString() == error.Type), $"{name}: {error}");
            checkedCases++;
        }
        Assert.Equal(22, checkedCases);
        Assert.Empty(server.Log.Lines);
    }

    private static ByteArrayContent? BodyOf(JsonElement bad)
    {
        if (bad.GetProperty("method").GetString() == "GET")
            return null;
        byte[] bytes = bad.TryGetProperty("raw_body_b64", out JsonElement base64)
            ? base64.GetBytesFromBase64()
            : Encoding.UTF8.GetBytes(
                (bad.TryGetProperty("raw_body", out JsonElement raw) ? raw.GetString()! : bad.GetProperty("body").GetRawText())
                .Replace("{MODEL}", "fake", StringComparison.Ordinal)
                .Replace("{REPEAT:word :200000}", string.Concat(Enumerable.Repeat("word ", 200_000)), StringComparison.Ordinal));
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        return content;
    }
}

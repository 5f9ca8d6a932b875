using System.Text.Json;
using Sluice.Bench.Pipe;

namespace Sluice.Golden.Pipe;

/// <summary>Compares the requests that the fake server saw with what a case expects of them.</summary>
internal static class PipeRequests
{
    public static void Check(JsonElement expect, IReadOnlyList<FakeRequest> requests)
    {
        string[] extra = expect.TryGetProperty("body_extra_keys_allowed", out JsonElement keys)
            ? [.. keys.EnumerateArray().Select(key => key.GetString()!)] : [];
        foreach (JsonProperty one in expect.EnumerateObject())
            CheckOne(one.Name, one.Value, requests, extra);
    }

    private static void CheckOne(string name, JsonElement expected, IReadOnlyList<FakeRequest> requests, string[] extra)
    {
        switch (name)
        {
            case "count":
                Assert.Equal(expected.GetInt32(), requests.Count);
                break;
            case "max":
                Assert.InRange(requests.Count, 0, expected.GetInt32());
                break;
            case "path":
                Assert.All(requests, request => Assert.Equal(PipeTests.BasePath + expected.GetString(), request.Path));
                break;
            case "method":
                Assert.All(requests, request => Assert.Equal(expected.GetString(), request.Method));
                break;
            case "headers":
                Assert.All(requests, request => Assert.All(expected.EnumerateObject(), header =>
                    Assert.StartsWith(header.Value.GetString()!, request.Headers.GetValueOrDefault(header.Name), StringComparison.Ordinal)));
                break;
            case "body_equals":
                Assert.All(requests, request => CheckBody(expected, PipeCase.BodyOf(request), extra));
                break;
            case "body_contains":
                Assert.All(requests, request => CheckPart(expected, PipeCase.BodyOf(request)));
                break;
            case "body_absent":
                Assert.All(requests, request => Assert.All(expected.EnumerateArray(), key =>
                    Assert.False(PipeCase.BodyOf(request).TryGetProperty(key.GetString()!, out _), $"the body has {key}")));
                break;
            case "system_equals":
                Assert.All(requests, request => Assert.Equal(expected.GetString(), PipeCase.BodyOf(request).GetProperty("messages")[0]
                    .GetProperty("content").GetString()));
                break;
            case "min_gap_ms":
                foreach (var (before, after) in requests.Zip(requests.Skip(1)))
                    Assert.InRange(after.At - before.At, expected.GetInt32(), long.MaxValue);
                break;
            case "body_extra_keys_allowed":
                break; // belongs to body_equals
            default:
                Assert.Fail($"the case expects requests to have '{name}', which nothing checks");
                break;
        }
    }

    private static void CheckBody(JsonElement expected, JsonElement body, string[] extra)
    {
        CheckPart(expected, body);
        Assert.Empty(body.EnumerateObject().Select(property => property.Name)
            .Except(expected.EnumerateObject().Select(property => property.Name)).Except(extra));
    }

    private static void CheckPart(JsonElement expected, JsonElement body) => Assert.All(expected.EnumerateObject(), property =>
    {
        Assert.True(body.TryGetProperty(property.Name, out JsonElement actual), $"the body lacks {property.Name}");
        Assert.True(JsonElement.DeepEquals(property.Value, actual), $"{property.Name}: {actual.GetRawText()}");
    });
}

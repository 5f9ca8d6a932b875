using System.Text.Json;
using Sluice.Http.Fakes;
using Sluice.Protocol.Sources;

namespace Sluice.Http.Clients;

/// <summary>OpenAI's npm package, unmodified.</summary>
public sealed class OpenAiNpmTests
{
    [Theory]
    [InlineData("chat", true)]
    [InlineData("chatStream", true)]
    [InlineData("chatRunner", false)]
    [InlineData("completion", true)]
    [InlineData("completionStream", false)]
    public async Task Scenario_Answer_IsUnderstoodWhole(string scenario, bool usage)
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        JsonElement seen = await NodeClient.RunAsync(server.Url, scenario);

        Assert.Equal(ScriptedSource.Text, seen.GetProperty("text").GetString());
        Assert.Equal("stop", seen.GetProperty("finish").GetString());
        if (usage)
            Assert.Equal(12, seen.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Scenario_Models_AreListedAndFound()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource("owner/repo", "b"));

        JsonElement seen = await NodeClient.RunAsync(server.Url, "models");

        Assert.Equal(["owner/repo", "b"], seen.GetProperty("names").EnumerateArray().Select(name => name.GetString()!));
        Assert.Equal("owner/repo", seen.GetProperty("one").GetString());
    }

    [Theory]
    [InlineData("unknownModel", "NotFoundError", 404, "model_not_found", "model")]
    [InlineData("badRequest", "BadRequestError", 400, "invalid_value", "temperature")]
    public async Task Scenario_ClientsMistake_IsTheRightKindOfError(string scenario, string kind, int status, string code, string param)
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        JsonElement seen = await NodeClient.RunAsync(server.Url, scenario);

        Assert.Equal(
            (kind, status, code, param),
            (Text(seen, "kind"), seen.GetProperty("status").GetInt32(), Text(seen, "code"), Text(seen, "param")));
        Assert.True(seen.GetProperty("requestId").GetBoolean());
    }

    [Theory]
    [InlineData(SourceFailure.Busy, "RateLimitError", 429)]
    [InlineData(SourceFailure.Unavailable, "InternalServerError", 503)]
    public async Task Scenario_SourceFails_IsTheRightKindOfError(SourceFailure reason, string kind, int status)
    {
        var source = new ScriptedSource { Preparing = (_, _) => throw new SourceException(reason, "Not now.") };
        await using TestServer server = await TestServer.StartAsync(source);

        JsonElement seen = await NodeClient.RunAsync(server.Url, "failure");

        Assert.Equal((kind, status), (Text(seen, "kind"), seen.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task Scenario_SourceFailsMidStream_RaisesAnError()
    {
        var source = new ScriptedSource { Script = (_, _) => Broken() };
        await using TestServer server = await TestServer.StartAsync(source);

        JsonElement seen = await NodeClient.RunAsync(server.Url, "failureMidStream");

        Assert.Equal(("APIError", "source_failed"), (Text(seen, "kind"), Text(seen, "code")));
    }

    [Fact]
    public async Task Scenario_ClientBreaksOff_SourceIsReleased()
    {
        var source = new ScriptedSource { Script = (_, cancellation) => Endless(cancellation) };
        await using TestServer server = await TestServer.StartAsync(source);

        await NodeClient.RunAsync(server.Url, "abort");

        await source.Released.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(0, source.Reservations);
    }

    private static string? Text(JsonElement seen, string name) => seen.GetProperty(name).GetString();

    private static async IAsyncEnumerable<CompletionEvent> Broken()
    {
        yield return new CompletionEvent(0, "a");
        await Task.Yield();
        throw new SourceException(SourceFailure.Failed, "The device is gone.");
    }

    private static async IAsyncEnumerable<CompletionEvent> Endless(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            yield return new CompletionEvent(0, "on and ");
            await Task.Delay(5, cancellation);
        }
    }
}

using System.Text.Json;
using Sluice.Http.Fakes;
using Sluice.Protocol.Sources;

namespace Sluice.Http.Clients;

/// <summary>Vercel's AI SDK, unmodified, as what it takes OpenAI-compatible servers for.</summary>
public sealed class VercelAiSdkTests
{
    [Fact]
    public async Task Scenario_Thoughts_AreReasoning()
    {
        var source = new ScriptedSource { Script = (_, _) => Thinking() };
        await using TestServer server = await TestServer.StartAsync(source);

        JsonElement seen = await NodeClient.RunScriptAsync("vercel-tools.mjs", new Uri(server.Url, "/v1"), "reasoningStream");

        Assert.Equal(("Let me see.", "Yes."), (seen.GetProperty("reasoning").GetString(), seen.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Scenario_TwoCallsInPieces_AreBothMade()
    {
        int asked = 0;
        var source = new ScriptedSource { Script = (_, _) => asked++ == 0 ? Calls() : Thinking() };
        await using TestServer server = await TestServer.StartAsync(source);

        JsonElement seen = await NodeClient.RunScriptAsync("vercel-tools.mjs", new Uri(server.Url, "/v1"), "toolsStream");

        Assert.Equal(["""{"city":"Oslo"}""", """{"minutes":3}"""], seen.GetProperty("called").EnumerateArray().Select(call => call.GetRawText()));
        Assert.Equal("Yes.", seen.GetProperty("text").GetString());
    }

    private static async IAsyncEnumerable<CompletionEvent> Thinking()
    {
        yield return new CompletionEvent(0, "") { Reasoning = "Let me " };
        yield return new CompletionEvent(0, "Ye") { Reasoning = "see." };
        await Task.Yield();
        yield return new CompletionEvent(0, "s.", "stop", new Usage(1, 2, 0));
    }

    private static async IAsyncEnumerable<CompletionEvent> Calls()
    {
        yield return new CompletionEvent(0, "") { ToolCalls = [new(0, "call_a", "get_weather", ""), new(0, null, null, "{\"city\"")] };
        await Task.Yield();
        yield return new CompletionEvent(0, "") { ToolCalls = [new(0, null, null, ": \"Oslo\"}"), new(1, "call_b", "set_timer", "{\"min")] };
        yield return new CompletionEvent(0, "", "tool_calls", new Usage(1, 2, 0)) { ToolCalls = [new(1, null, null, "utes\": 3}")] };
    }
}

using System.Text.Json;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Sources;

/// <summary>Reads the chunks of OpenAI's chat completions.</summary>
internal sealed class OpenAiReader(int choices) : IWireReader
{
    private readonly bool[] _finished = new bool[choices];

    public bool Ended { get; private set; }

    public bool Whole => Array.TrueForAll(_finished, finished => finished);

    public UsageTally Usage { get; } = new();

    public void Read(ReadOnlySpan<byte> data, List<CompletionEvent> events)
    {
        if (data.StartsWith("[DONE]"u8))
        {
            Ended = true;
            return;
        }
        JsonElement chunk = JsonElement.Parse(data);
        if (chunk.TryGetProperty("error", out JsonElement error) && error.ValueKind != JsonValueKind.Null)
            throw UpstreamFaults.InStream(data);
        Usage.Scan(data);
        foreach (JsonElement choice in WireJson.Items(chunk, "choices"))
            ReadChoice(choice, events);
    }

    private void ReadChoice(JsonElement choice, List<CompletionEvent> events)
    {
        int index = choice.TryGetProperty("index", out JsonElement number) ? number.GetInt32() : 0;
        if (index < 0 || index >= _finished.Length)
            throw new FormatException($"it speaks of choice {index} where {_finished.Length} were asked for");
        if (_finished[index])
            return; // some servers repeat the last chunk with the usage
        JsonElement delta = WireJson.Object(choice, "delta");
        string? finish = WireJson.Text(choice, "finish_reason");
        var e = new CompletionEvent(index, WireJson.Text(delta, "content") ?? "", FinishReason: finish)
        {
            Reasoning = WireJson.Text(delta, "reasoning_content") ?? WireJson.Text(delta, "reasoning") ?? "",
            ToolCalls = ReadCalls(delta),
        };
        _finished[index] = finish is not null;
        if (e.HasContent || finish is not null)
            events.Add(e);
    }

    private static List<ToolCallDelta>? ReadCalls(JsonElement delta)
    {
        List<ToolCallDelta>? calls = null;
        foreach (JsonElement call in WireJson.Items(delta, "tool_calls"))
        {
            JsonElement function = WireJson.Object(call, "function");
            int index = call.TryGetProperty("index", out JsonElement number) ? number.GetInt32() : calls?.Count ?? 0;
            (calls ??= []).Add(new ToolCallDelta(
                index, WireJson.Text(call, "id"), WireJson.Text(function, "name"), WireJson.Text(function, "arguments") ?? ""));
        }
        return calls;
    }
}

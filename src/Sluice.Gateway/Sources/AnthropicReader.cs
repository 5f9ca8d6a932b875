using System.Text.Json;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Sources;

/// <summary>Reads the events of Anthropic's streams.</summary>
internal sealed class AnthropicReader : IWireReader
{
    private readonly Dictionary<int, int> _calls = []; // index of a content block → index of the call in it
    private bool _finished;

    public bool Ended { get; private set; }

    public bool Whole => _finished && Ended;

    public UsageTally Usage { get; } = new();

    public void Read(ReadOnlySpan<byte> data, List<CompletionEvent> events)
    {
        JsonElement e = JsonElement.Parse(data);
        switch (WireJson.Text(e, "type"))
        {
            case "message_start":
                Usage.Scan(data);
                break;
            case "content_block_start":
                ReadStart(e.GetProperty("index").GetInt32(), e.GetProperty("content_block"), events);
                break;
            case "content_block_delta":
                ReadDelta(e.GetProperty("index").GetInt32(), e.GetProperty("delta"), events);
                break;
            case "message_delta":
                Usage.Scan(data);
                ReadEnd(WireJson.Text(e.GetProperty("delta"), "stop_reason"), events);
                break;
            case "message_stop":
                Ended = true;
                break;
            case "error":
                throw UpstreamFaults.InStream(data);
            default:
                break; // ping, content_block_stop, and whatever is invented later
        }
    }

    private void ReadStart(int index, JsonElement block, List<CompletionEvent> events)
    {
        if (WireJson.Text(block, "type") == "tool_use")
        {
            int call = _calls.Count;
            _calls[index] = call;
            events.Add(Call(new ToolCallDelta(call, WireJson.Text(block, "id"), WireJson.Text(block, "name"), "")));
        }
        else if (WireJson.Text(block, "text") is { Length: > 0 } text)
        {
            events.Add(new CompletionEvent(0, text));
        }
    }

    private void ReadDelta(int index, JsonElement delta, List<CompletionEvent> events)
    {
        switch (WireJson.Text(delta, "type"))
        {
            case "text_delta":
                events.Add(new CompletionEvent(0, WireJson.Text(delta, "text") ?? ""));
                break;
            case "thinking_delta":
                events.Add(new CompletionEvent(0, "") { Reasoning = WireJson.Text(delta, "thinking") ?? "" });
                break;
            case "input_json_delta" when _calls.TryGetValue(index, out int call):
                events.Add(Call(new ToolCallDelta(call, null, null, WireJson.Text(delta, "partial_json") ?? "")));
                break;
            default:
                break; // signatures and citations have no place in an answer of another dialect
        }
    }

    private void ReadEnd(string? reason, List<CompletionEvent> events)
    {
        if (reason is null || _finished)
            return;
        _finished = true;
        events.Add(new CompletionEvent(0, "", reason switch
        {
            "max_tokens" or "model_context_window_exceeded" => "length",
            "tool_use" => "tool_calls",
            "refusal" => "content_filter",
            _ => "stop",
        }));
    }

    private static CompletionEvent Call(ToolCallDelta delta) => new(0, "") { ToolCalls = [delta] };
}

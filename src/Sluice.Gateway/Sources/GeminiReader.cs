using System.Text.Json;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Sources;

/// <summary>Reads the responses that Gemini streams; the last of them says why it ended, no mark follows.</summary>
internal sealed class GeminiReader : IWireReader
{
    private int _calls;

    // The stream closes behind its last response; until then there may be usage to come.
    public bool Ended => false;

    public bool Whole { get; private set; }

    public UsageTally Usage { get; } = new();

    public void Read(ReadOnlySpan<byte> data, List<CompletionEvent> events)
    {
        JsonElement response = JsonElement.Parse(data);
        if (WireJson.Object(response, "error").ValueKind == JsonValueKind.Object)
            throw UpstreamFaults.InStream(data);
        ReadUsage(WireJson.Object(response, "usageMetadata"));
        if (WireJson.Text(WireJson.Object(response, "promptFeedback"), "blockReason") is not null)
            Finish("content_filter", events);
        foreach (JsonElement candidate in WireJson.Items(response, "candidates"))
        {
            foreach (JsonElement part in WireJson.Items(WireJson.Object(candidate, "content"), "parts"))
                ReadPart(part, events);
            if (WireJson.Text(candidate, "finishReason") is { } reason)
                Finish(FinishOf(reason), events);
        }
    }

    private void ReadPart(JsonElement part, List<CompletionEvent> events)
    {
        if (WireJson.Object(part, "functionCall") is { ValueKind: JsonValueKind.Object } call)
        {
            // The API gives a call no id, or one only of late; a client needs one to name the call in its result.
            string id = WireJson.Text(call, "id") ?? $"call_{Guid.CreateVersion7():N}";
            JsonElement arguments = WireJson.Object(call, "args");
            string text = arguments.ValueKind == JsonValueKind.Object ? arguments.GetRawText() : "{}";
            events.Add(new CompletionEvent(0, "") { ToolCalls = [new ToolCallDelta(_calls++, id, WireJson.Text(call, "name"), text)] });
        }
        else if (WireJson.Text(part, "text") is { Length: > 0 } text)
        {
            bool thought = part.TryGetProperty("thought", out JsonElement flag) && flag.ValueKind == JsonValueKind.True;
            events.Add(thought ? new CompletionEvent(0, "") { Reasoning = text } : new CompletionEvent(0, text));
        }
    }

    private void Finish(string reason, List<CompletionEvent> events)
    {
        if (Whole)
            return;
        Whole = true;
        events.Add(new CompletionEvent(0, "", reason));
    }

    private string FinishOf(string reason) => reason switch
    {
        "MAX_TOKENS" => "length",
        "SAFETY" or "RECITATION" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" => "content_filter",
        _ => _calls > 0 ? "tool_calls" : "stop",
    };

    private void ReadUsage(JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object)
            return;
        int written = Count(usage, "candidatesTokenCount") + Count(usage, "thoughtsTokenCount");
        Usage.Set(Count(usage, "promptTokenCount"), written, Count(usage, "cachedContentTokenCount"));
    }

    private static int Count(JsonElement usage, string name) =>
        usage.TryGetProperty(name, out JsonElement value) && value.TryGetInt32(out int count) ? count : 0;
}

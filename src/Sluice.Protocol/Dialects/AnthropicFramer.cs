using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Protocol.Dialects;

/// <summary>
/// Anthropic's answers: a body with content blocks, or events that open, fill and close one block after the other. The usage, which this API
/// tells in the last event but one, makes the finish wait for the end of the stream.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The writer owns nothing: it borrows the buffer of the frame at hand.")]
internal sealed class AnthropicFramer(AnswerInfo answer) : IFramer
{
    private readonly Utf8JsonWriter _json = new(Stream.Null, OpenAiJson.WriterOptions);
    private readonly FoldedAnswer _folded = new(1);
    private Usage? _usage;
    private string? _finishReason, _stopText;
    private bool _begun;
    private Block _open;
    private int _index = -1; // of the block that is open or was last
    private int _call = -1; // index of the call in that block, where it is one

    private enum Block
    {
        None,
        Thinking,
        Text,
        ToolUse,
    }

    public void WriteEvent(in CompletionEvent e, IBufferWriter<byte> output)
    {
        if (!_begun)
            WriteStart(output);
        if (e.Reasoning.Length > 0)
        {
            Enter(Block.Thinking, output);
            WriteDelta("thinking_delta"u8, "thinking"u8, e.Reasoning, output);
        }
        if (e.Text.Length > 0)
        {
            Enter(Block.Text, output);
            WriteDelta("text_delta"u8, "text"u8, e.Text, output);
        }
        foreach (ToolCallDelta delta in e.ToolCalls ?? [])
            WriteCall(delta, output);
        Note(e);
    }

    public void WriteEnd(IBufferWriter<byte> output)
    {
        Leave(output);
        Utf8JsonWriter json = Open("message_delta"u8, output);
        json.WriteStartObject("delta"u8);
        WriteStop();
        json.WriteEndObject();
        WriteUsage(_usage ?? new Usage(answer.PromptTokens, 0, 0));
        Close(output);
        Open("message_stop"u8, output);
        Close(output);
    }

    public void WriteStreamError(ApiError fault, IBufferWriter<byte> output) => AnthropicErrors.WriteStreamError(fault, output);

    public void Fold(in CompletionEvent e)
    {
        _folded.Add(e);
        Note(e);
    }

    public void WriteFolded(IBufferWriter<byte> output)
    {
        _json.Reset(output);
        _json.WriteStartObject();
        WriteHead();
        _json.WriteStartArray("content"u8);
        if (_folded.ReasoningOf(0) is { Length: > 0 } thoughts)
        {
            _json.WriteStartObject();
            _json.WriteString("type"u8, "thinking"u8);
            _json.WriteString("thinking"u8, thoughts);
            _json.WriteString("signature"u8, ""u8); // only Anthropic itself can sign
            _json.WriteEndObject();
        }
        IReadOnlyList<FoldedToolCall> calls = _folded.ToolCallsOf(0);
        if (_folded.TextOf(0) is { } text && (text.Length > 0 || calls.Count == 0))
        {
            _json.WriteStartObject();
            _json.WriteString("type"u8, "text"u8);
            _json.WriteString("text"u8, text);
            _json.WriteEndObject();
        }
        foreach (FoldedToolCall call in calls)
            WriteFoldedCall(call);
        _json.WriteEndArray();
        WriteStop();
        WriteUsage(_usage ?? new Usage(answer.PromptTokens, 0, 0));
        _json.WriteEndObject();
        _json.Flush();
    }

    private void Note(in CompletionEvent e)
    {
        _usage = e.Usage ?? _usage;
        _finishReason = e.FinishReason ?? _finishReason;
        _stopText = e.StopText ?? _stopText;
    }

    private void WriteStart(IBufferWriter<byte> output)
    {
        _begun = true;
        Utf8JsonWriter json = Open("message_start"u8, output);
        json.WriteStartObject("message"u8);
        WriteHead();
        json.WriteStartArray("content"u8);
        json.WriteEndArray();
        json.WriteNull("stop_reason"u8);
        json.WriteNull("stop_sequence"u8);
        WriteUsage(new Usage(answer.PromptTokens, 0, 0));
        json.WriteEndObject();
        Close(output);
    }

    private void WriteCall(in ToolCallDelta delta, IBufferWriter<byte> output)
    {
        if (_open != Block.ToolUse || _call != delta.Index)
        {
            Leave(output);
            (_open, _call) = (Block.ToolUse, delta.Index);
            Utf8JsonWriter json = OpenBlock(output);
            json.WriteString("type"u8, "tool_use"u8);
            json.WriteString("id"u8, delta.Id ?? "");
            json.WriteString("name"u8, delta.Name ?? "");
            json.WriteStartObject("input"u8);
            json.WriteEndObject();
            json.WriteEndObject();
            Close(output);
        }
        if (delta.Arguments.Length > 0)
            WriteDelta("input_json_delta"u8, "partial_json"u8, delta.Arguments, output);
    }

    private void Enter(Block block, IBufferWriter<byte> output)
    {
        if (_open == block)
            return;
        Leave(output);
        _open = block;
        Utf8JsonWriter json = OpenBlock(output);
        json.WriteString("type"u8, block == Block.Text ? "text"u8 : "thinking"u8);
        json.WriteString(block == Block.Text ? "text"u8 : "thinking"u8, ""u8);
        if (block == Block.Thinking)
            json.WriteString("signature"u8, ""u8);
        json.WriteEndObject();
        Close(output);
    }

    private void Leave(IBufferWriter<byte> output)
    {
        if (_open == Block.None)
            return;
        _open = Block.None;
        Open("content_block_stop"u8, output).WriteNumber("index"u8, _index);
        Close(output);
    }

    private Utf8JsonWriter OpenBlock(IBufferWriter<byte> output)
    {
        _index++;
        Utf8JsonWriter json = Open("content_block_start"u8, output);
        json.WriteNumber("index"u8, _index);
        json.WriteStartObject("content_block"u8);
        return json;
    }

    private void WriteDelta(ReadOnlySpan<byte> type, ReadOnlySpan<byte> field, string text, IBufferWriter<byte> output)
    {
        Utf8JsonWriter json = Open("content_block_delta"u8, output);
        json.WriteNumber("index"u8, _index);
        json.WriteStartObject("delta"u8);
        json.WriteString("type"u8, type);
        json.WriteString(field, text);
        json.WriteEndObject();
        Close(output);
    }

    private void WriteFoldedCall(FoldedToolCall call)
    {
        _json.WriteStartObject();
        _json.WriteString("type"u8, "tool_use"u8);
        _json.WriteString("id"u8, call.Id);
        _json.WriteString("name"u8, call.Name);
        _json.WritePropertyName("input"u8);
        AnthropicInput.Write(_json, call.Arguments);
        _json.WriteEndObject();
    }

    private void WriteHead()
    {
        _json.WriteString("id"u8, "msg_" + answer.Id);
        _json.WriteString("type"u8, "message"u8);
        _json.WriteString("role"u8, "assistant"u8);
        _json.WriteString("model"u8, answer.Model);
    }

    private void WriteStop()
    {
        _json.WriteString("stop_reason"u8, _finishReason switch
        {
            "length" => "max_tokens",
            "tool_calls" => "tool_use",
            "content_filter" => "refusal",
            _ when _stopText is not null => "stop_sequence",
            _ => "end_turn",
        });
        _json.WriteString("stop_sequence"u8, _stopText);
    }

    // Prompt tokens that came from a cache are counted apart, as this API does.
    private void WriteUsage(Usage usage)
    {
        _json.WriteStartObject("usage"u8);
        _json.WriteNumber("input_tokens"u8, usage.PromptTokens - usage.CachedTokens);
        _json.WriteNumber("cache_creation_input_tokens"u8, 0);
        _json.WriteNumber("cache_read_input_tokens"u8, usage.CachedTokens);
        _json.WriteNumber("output_tokens"u8, usage.CompletionTokens);
        _json.WriteEndObject();
    }

    private Utf8JsonWriter Open(ReadOnlySpan<byte> type, IBufferWriter<byte> output)
    {
        output.Write("event: "u8);
        output.Write(type);
        output.Write("\ndata: "u8);
        _json.Reset(output);
        _json.WriteStartObject();
        _json.WriteString("type"u8, type);
        return _json;
    }

    private void Close(IBufferWriter<byte> output)
    {
        _json.WriteEndObject();
        _json.Flush();
        output.Write("\n\n"u8);
    }
}

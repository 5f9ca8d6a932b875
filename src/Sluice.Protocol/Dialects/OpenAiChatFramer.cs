using System.Buffers;
using System.Text.Json;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Protocol.Dialects;

/// <summary>Chat answers: a body with messages, or frames with deltas of which each choice's first names the role.</summary>
internal sealed class OpenAiChatFramer(CompletionRequest request, AnswerInfo answer) : IFramer
{
    private readonly OpenAiEnvelope _envelope = new("chatcmpl-", answer, request.IncludeUsage);
    private readonly FoldedAnswer _folded = new(request.TotalChoices);
    private readonly bool[] _begun = new bool[request.TotalChoices];
    private Usage? _usage;

    private static ReadOnlySpan<byte> ChunkKind => "chat.completion.chunk"u8;

    public void WriteEvent(in CompletionEvent e, IBufferWriter<byte> output)
    {
        _usage = e.Usage ?? _usage;
        if (!e.HasContent && e.FinishReason is null && e.Logprobs is null)
            return;
        if (!_begun[e.Choice])
        {
            _begun[e.Choice] = true;
            WriteChunk(e.Choice, new ChatDelta(Role: true, Content: ""), output);
        }
        if (e.Reasoning.Length > 0)
            WriteChunk(e.Choice, new ChatDelta(Reasoning: e.Reasoning), output);
        if (e.Text.Length > 0 || e.Logprobs is not null)
            WriteChunk(e.Choice, new ChatDelta(Content: e.Text, Logprobs: e.Logprobs), output);
        if (e.ToolCalls is { Count: > 0 })
            WriteChunk(e.Choice, new ChatDelta(ToolCalls: e.ToolCalls), output);
        if (e.FinishReason is not null)
            WriteChunk(e.Choice, new ChatDelta(FinishReason: e.FinishReason), output);
    }

    public void WriteEnd(IBufferWriter<byte> output) => _envelope.WriteEnd(ChunkKind, _usage, output);

    public void WriteStreamError(ApiError fault, IBufferWriter<byte> output) => OpenAiEnvelope.WriteStreamError(fault, output);

    public void Fold(in CompletionEvent e) => _folded.Add(e);

    public void WriteFolded(IBufferWriter<byte> output)
    {
        Utf8JsonWriter json = _envelope.OpenBody("chat.completion"u8, output);
        for (int choice = 0; choice < _folded.Choices; choice++)
        {
            json.WriteStartObject();
            json.WriteNumber("index"u8, choice);
            json.WriteStartObject("message"u8);
            json.WriteString("role"u8, "assistant"u8);
            WriteMessage(json, choice);
            json.WriteNull("refusal"u8);
            json.WriteEndObject();
            LogprobsJson.WriteChat(json, _folded.LogprobsOf(choice));
            json.WriteString("finish_reason"u8, _folded.FinishReasonOf(choice));
            json.WriteEndObject();
        }
        _envelope.CloseBody(_folded.Usage);
    }

    /// <summary>An answer that only calls tools has no content, which the contract writes as null.</summary>
    private void WriteMessage(Utf8JsonWriter json, int choice)
    {
        var calls = _folded.ToolCallsOf(choice);
        string content = _folded.TextOf(choice), reasoning = _folded.ReasoningOf(choice);
        if (content.Length == 0 && calls.Count > 0)
            json.WriteNull("content"u8);
        else
            json.WriteString("content"u8, content);
        if (reasoning.Length > 0)
            json.WriteString("reasoning_content"u8, reasoning);
        if (calls.Count > 0)
            ToolCallJson.WriteWhole(json, calls);
    }

    private void WriteChunk(int choice, in ChatDelta delta, IBufferWriter<byte> output)
    {
        Utf8JsonWriter json = _envelope.OpenFrame(ChunkKind, output);
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice);
        json.WriteStartObject("delta"u8);
        if (delta.Role)
            json.WriteString("role"u8, "assistant"u8);
        if (delta.Reasoning is not null)
            json.WriteString("reasoning_content"u8, delta.Reasoning);
        if (delta.Content is not null)
            json.WriteString("content"u8, delta.Content);
        if (delta.ToolCalls is not null)
            ToolCallJson.WriteDeltas(json, delta.ToolCalls);
        json.WriteEndObject();
        LogprobsJson.WriteChat(json, delta.Logprobs);
        json.WriteString("finish_reason"u8, delta.FinishReason);
        json.WriteEndObject();
        _envelope.CloseFrame(output);
    }

    /// <summary>What one frame says of a choice; what is null it does not mention.</summary>
    private readonly record struct ChatDelta(
        bool Role = false, string? Content = null, string? Reasoning = null, IReadOnlyList<ToolCallDelta>? ToolCalls = null,
        IReadOnlyList<TokenLogprob>? Logprobs = null, string? FinishReason = null);
}

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
        if (e.Text.Length == 0 && e.FinishReason is null && e.Logprobs is null)
            return;
        if (!_begun[e.Choice])
        {
            _begun[e.Choice] = true;
            WriteChunk(e.Choice, role: true, text: "", logprobs: null, finishReason: null, output);
        }
        if (e.Text.Length > 0 || e.Logprobs is not null)
            WriteChunk(e.Choice, role: false, e.Text, e.Logprobs, finishReason: null, output);
        if (e.FinishReason is not null)
            WriteChunk(e.Choice, role: false, text: null, logprobs: null, e.FinishReason, output);
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
            json.WriteString("content"u8, _folded.TextOf(choice));
            json.WriteNull("refusal"u8);
            json.WriteEndObject();
            LogprobsJson.WriteChat(json, _folded.LogprobsOf(choice));
            json.WriteString("finish_reason"u8, _folded.FinishReasonOf(choice));
            json.WriteEndObject();
        }
        _envelope.CloseBody(_folded.Usage);
    }

    private void WriteChunk(
        int choice, bool role, string? text, IReadOnlyList<TokenLogprob>? logprobs, string? finishReason, IBufferWriter<byte> output)
    {
        Utf8JsonWriter json = _envelope.OpenFrame(ChunkKind, output);
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice);
        json.WriteStartObject("delta"u8);
        if (role)
            json.WriteString("role"u8, "assistant"u8);
        if (text is not null)
            json.WriteString("content"u8, text);
        json.WriteEndObject();
        LogprobsJson.WriteChat(json, logprobs);
        json.WriteString("finish_reason"u8, finishReason);
        json.WriteEndObject();
        _envelope.CloseFrame(output);
    }
}

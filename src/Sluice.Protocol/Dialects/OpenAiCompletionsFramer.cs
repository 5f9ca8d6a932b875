using System.Buffers;
using System.Text.Json;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Protocol.Dialects;

/// <summary>Text answers: body and frames have one shape.</summary>
internal sealed class OpenAiCompletionsFramer(CompletionRequest request, AnswerInfo answer) : IFramer
{
    private readonly OpenAiEnvelope _envelope = new("cmpl-", answer, request.IncludeUsage);
    private readonly FoldedAnswer _folded = new(request.TotalChoices);
    private readonly int[] _offsets = new int[request.TotalChoices];
    private Usage? _usage;

    private static ReadOnlySpan<byte> Kind => "text_completion"u8;

    public void WriteEvent(in CompletionEvent e, IBufferWriter<byte> output)
    {
        _usage = e.Usage ?? _usage;
        if (e.Text.Length == 0 && e.FinishReason is null && e.Logprobs is null)
            return;
        Utf8JsonWriter json = _envelope.OpenFrame(Kind, output);
        WriteChoice(json, e.Choice, e.Text, e.Logprobs, e.FinishReason);
        _envelope.CloseFrame(output);
    }

    public void WriteEnd(IBufferWriter<byte> output) => _envelope.WriteEnd(Kind, _usage, output);

    public void WriteStreamError(ApiError fault, IBufferWriter<byte> output) => OpenAiEnvelope.WriteStreamError(fault, output);

    public void Fold(in CompletionEvent e) => _folded.Add(e);

    public void WriteFolded(IBufferWriter<byte> output)
    {
        Utf8JsonWriter json = _envelope.OpenBody(Kind, output);
        for (int choice = 0; choice < _folded.Choices; choice++)
            WriteChoice(json, choice, _folded.TextOf(choice), _folded.LogprobsOf(choice), _folded.FinishReasonOf(choice));
        _envelope.CloseBody(_folded.Usage);
    }

    private void WriteChoice(Utf8JsonWriter json, int choice, string text, IReadOnlyList<TokenLogprob>? logprobs, string? finishReason)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice);
        json.WriteString("text"u8, text);
        LogprobsJson.WriteText(json, logprobs, ref _offsets[choice]);
        json.WriteString("finish_reason"u8, finishReason);
        json.WriteEndObject();
    }
}

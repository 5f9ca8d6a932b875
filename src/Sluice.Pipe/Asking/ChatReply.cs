using System.Text.Json;
using Sluice.Gateway.Sources;

namespace Sluice.Pipe.Asking;

/// <summary>An answer of OpenAI's chat API as bytes: what a remote source relays.</summary>
internal static class ChatReply
{
    /// <summary>The first choice of a whole body: its text and its finish reason, null where there is no choice.</summary>
    /// <exception cref="AnswerException">It is not such a body.</exception>
    public static (string Text, string? Finish) Read(ReadOnlySpan<byte> body)
    {
        try
        {
            JsonElement root = JsonElement.Parse(body);
            if (!root.TryGetProperty("choices", out JsonElement choices) || choices.GetArrayLength() == 0)
                return ("", null);
            JsonElement choice = choices[0];
            JsonElement message = choice.GetProperty("message");
            string? refusal = Text(message, "refusal");
            if (refusal is { Length: > 0 })
                throw new AnswerException($"the model refused: {refusal}");
            return (Text(message, "content") ?? "", Text(choice, "finish_reason") ?? "stop");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new AnswerException("the source's answer cannot be understood: it is no chat completion", e);
        }
    }

    /// <summary>What frames of a stream add to the first choice, and its finish reason, null where it goes on.</summary>
    /// <exception cref="AnswerException">They are none of such a stream.</exception>
    public static (string Text, string? Finish) ReadFrames(ReadOnlySpan<byte> frames)
    {
        string text = "";
        string? finish = null;
        foreach (ReadOnlySpan<byte> frame in new SseFrames(frames))
        {
            ReadOnlySpan<byte> data = SseFrames.DataOf(frame);
            if (data.IsEmpty || data.SequenceEqual("[DONE]"u8))
                continue;
            (string piece, string? ended) = ReadChunk(data);
            text += piece;
            finish ??= ended;
        }
        return (text, finish);
    }

    private static (string Text, string? Finish) ReadChunk(ReadOnlySpan<byte> chunk)
    {
        try
        {
            JsonElement root = JsonElement.Parse(chunk);
            if (!root.TryGetProperty("choices", out JsonElement choices) || choices.GetArrayLength() == 0)
                return ("", null);
            JsonElement choice = choices[0];
            bool says = choice.TryGetProperty("delta", out JsonElement delta) && delta.ValueKind == JsonValueKind.Object;
            if (says && Text(delta, "refusal") is { Length: > 0 } refusal)
                throw new AnswerException($"the model refused: {refusal}");
            return (says ? Text(delta, "content") ?? "" : "", Text(choice, "finish_reason"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new AnswerException("the source's answer cannot be understood: it is no stream of a chat completion", e);
        }
    }

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

using System.Text.Json;

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

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

using System.Text.Json;

namespace Sluice.Cli.Load;

/// <summary>What one event of an answer's stream says.</summary>
/// <param name="HasText">Whether it brings text, of whatever kind: an answer's, thoughts, the arguments of a call.</param>
/// <param name="Finished">Whether it says why the answer ended.</param>
/// <param name="Error">What went wrong in the middle of the stream; null for nothing.</param>
internal readonly record struct StreamEvent(bool HasText, bool Finished, TokenUsage? Usage, string? Error)
{
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static StreamEvent Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        bool text = false, finished = false;
        if (Member(root, "choices") is { ValueKind: JsonValueKind.Array } choices)
        {
            foreach (JsonElement choice in choices.EnumerateArray())
            {
                text |= IsText(Member(choice, "text")) || HoldsText(Member(choice, "delta"));
                finished |= IsText(Member(choice, "finish_reason"));
            }
        }
        return new StreamEvent(text, finished, UsageOf(root), ErrorMessageOf(root));
    }

    /// <summary>The message in an error's body; null where it is none.</summary>
    public static string? ErrorMessageOf(JsonElement root) => Member(root, "error") switch
    {
        { ValueKind: JsonValueKind.Object } error when IsText(Member(error, "message")) => error.GetProperty("message").GetString(),
        { ValueKind: JsonValueKind.Object } error => error.GetRawText(),
        { ValueKind: JsonValueKind.String } error => error.GetString(),
        _ => null,
    };

    private static bool HoldsText(JsonElement? delta) =>
        IsText(Member(delta, "content")) || IsText(Member(delta, "reasoning_content")) || IsText(Member(delta, "reasoning"))
        || Member(delta, "tool_calls") is { ValueKind: JsonValueKind.Array };

    private static TokenUsage? UsageOf(JsonElement root)
    {
        if (Member(root, "usage") is not { ValueKind: JsonValueKind.Object } usage)
            return null;
        int cached = Count(Member(usage, "prompt_tokens_details"), "cached_tokens");
        return new TokenUsage(Count(usage, "prompt_tokens"), Count(usage, "completion_tokens"), cached);
    }

    private static bool IsText(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text && !text.ValueEquals("");

    private static int Count(JsonElement? parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out int count) ? Math.Max(0, count) : 0;

    private static JsonElement? Member(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out JsonElement member) ? member : null;
}

using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>
/// What a client says of the context it wants kept. The window's names are Sluice's own, as no other API has such fields; how long the prompt shall
/// be cached is OpenAI's.
/// </summary>
internal static class ContextFields
{
    private const string WindowField = "kv_window";
    private const string SinksField = "kv_sinks";
    private const string RetentionField = "prompt_cache_retention";
    private const int Most = 1 << 30;

    public static readonly string[] Names = [WindowField, SinksField, RetentionField];

    /// <summary>Null where the client says nothing: the server's own setting applies.</summary>
    public static ContextWindow? Read(JsonFields fields)
    {
        int? window = fields.Integer(WindowField, 0, Most), sinks = fields.Integer(SinksField, 0, Most);
        if (sinks > 0 && window is null or 0)
            throw new InvalidRequestException(
                $"'{SinksField}' counts only beside a '{WindowField}' of at least 1.", SinksField, "invalid_value");
        return window is { } recent ? new ContextWindow(sinks ?? 0, recent) : null;
    }

    /// <exception cref="InvalidRequestException">It is none of OpenAI's values.</exception>
    public static bool KeepsPromptCached(JsonFields fields) => fields.Text(RetentionField) switch
    {
        null or "in_memory" or "in-memory" => false,
        "24h" => true,
        _ => throw FieldError.Unsupported(RetentionField, "\"in_memory\" or \"24h\""),
    };
}

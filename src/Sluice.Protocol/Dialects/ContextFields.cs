using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>
/// What a client says of the context it wants kept. The window's names are Sluice's own, as no other API has such fields; how long the prompt shall
/// be cached is OpenAI's, and the salt of the cache vLLM's.
/// </summary>
internal static class ContextFields
{
    private const string WindowField = "kv_window";
    private const string SinksField = "kv_sinks";
    private const string HeavyField = "kv_heavy";
    private const string RetentionField = "prompt_cache_retention";
    private const string SaltField = "cache_salt";
    private const int Most = 1 << 30;
    private const int LongestSalt = 256;

    public static readonly string[] Names = [WindowField, SinksField, HeavyField, RetentionField, SaltField];

    /// <summary>Null where the client says nothing: the server's own setting applies.</summary>
    public static ContextWindow? Read(JsonFields fields)
    {
        int? window = fields.Integer(WindowField, 0, Most);
        int sinks = BesideWindow(SinksField), heavy = BesideWindow(HeavyField);
        return window is { } recent ? new ContextWindow(sinks, recent, heavy) : null;

        int BesideWindow(string field)
        {
            int? tokens = fields.Integer(field, 0, Most);
            return tokens > 0 && window is null or 0
                ? throw new InvalidRequestException($"'{field}' counts only beside a '{WindowField}' of at least 1.", field, "invalid_value")
                : tokens ?? 0;
        }
    }

    /// <exception cref="InvalidRequestException">It is none of OpenAI's values.</exception>
    public static bool KeepsPromptCached(JsonFields fields) => fields.Text(RetentionField) switch
    {
        null or "in_memory" or "in-memory" => false,
        "24h" => true,
        _ => throw FieldError.Unsupported(RetentionField, "\"in_memory\" or \"24h\""),
    };

    /// <exception cref="InvalidRequestException">It is empty or very long.</exception>
    public static string? ReadSalt(JsonFields fields) => fields.Text(SaltField) is not { } salt ? null
        : salt.Length is > 0 and <= LongestSalt ? salt
        : throw new InvalidRequestException($"'{SaltField}' must have 1 to {LongestSalt} characters.", SaltField, "invalid_value");
}

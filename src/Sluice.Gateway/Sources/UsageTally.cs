using System.Text.Json;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Sources;

/// <summary>
/// What an answer's usage comes to, wherever the source tells it: at the end or all along, whole or in parts, by OpenAI's names or by
/// Anthropic's. Later figures replace earlier ones, because all APIs count from the start of the answer.
/// </summary>
internal sealed class UsageTally
{
    private int? _prompt, _completion;
    private int _cached, _cacheReads, _cacheWrites;

    /// <summary>Null where the source told nothing.</summary>
    public Usage? Total => _prompt is null && _completion is null
        ? null
        : new Usage((_prompt ?? 0) + _cacheReads + _cacheWrites, _completion ?? 0, Math.Max(_cached, _cacheReads));

    /// <summary>
    /// Looks for usage objects anywhere in frames or a body and reads them. A text cannot fake one: inside a JSON string its quotes would be
    /// escaped.
    /// </summary>
    public void Scan(ReadOnlySpan<byte> json)
    {
        while (json.IndexOf("\"usage\""u8) is var at and >= 0)
        {
            json = json[(at + "\"usage\""u8.Length)..];
            ReadOnlySpan<byte> value = json.TrimStart(" \t\r\n:"u8);
            if (value is [(byte)'{', ..])
                TryRead(value);
        }
    }

    public void Set(int prompt, int completion, int cached) => (_prompt, _completion, _cached) = (prompt, completion, cached);

    /// <summary>Reads an object whose opening brace was just read.</summary>
    /// <exception cref="JsonException">It is no valid JSON.</exception>
    public void Read(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("prompt_tokens"u8) || json.ValueTextEquals("input_tokens"u8))
                _prompt = Count(ref json) ?? _prompt;
            else if (json.ValueTextEquals("completion_tokens"u8) || json.ValueTextEquals("output_tokens"u8))
                _completion = Count(ref json) ?? _completion;
            else if (json.ValueTextEquals("cached_tokens"u8))
                _cached = Count(ref json) ?? _cached;
            else if (json.ValueTextEquals("cache_read_input_tokens"u8))
                _cacheReads = Count(ref json) ?? _cacheReads;
            else if (json.ValueTextEquals("cache_creation_input_tokens"u8))
                _cacheWrites = Count(ref json) ?? _cacheWrites;
            else if (json.ValueTextEquals("prompt_tokens_details"u8))
                ReadDetails(ref json);
            else if (!json.TrySkip())
                return;
        }
    }

    private void ReadDetails(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.StartObject)
            Read(ref json);
    }

    // What looks like usage but cannot be read counts as not told: the answer is worth more than its bill.
    private void TryRead(ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(value, isFinalBlock: false, default);
        try
        {
            reader.Read();
            Read(ref reader);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return;
        }
    }

    private static int? Count(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.Number && json.TryGetInt32(out int count) && count >= 0 ? count : null;
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Sluice.Protocol.Sources;

namespace Sluice.Protocol.Dialects;

/// <summary>Log-probabilities in the two forms that OpenAI has for them.</summary>
internal static class LogprobsJson
{
    // JSON has no minus infinity; vLLM's stand-in for it.
    private const float Impossible = -9999;

    /// <summary>The chat's form: an object with a list of tokens.</summary>
    public static void WriteChat(Utf8JsonWriter json, IReadOnlyList<TokenLogprob>? tokens)
    {
        if (tokens is null)
        {
            json.WriteNull("logprobs"u8);
            return;
        }
        json.WriteStartObject("logprobs"u8);
        json.WriteStartArray("content"u8);
        foreach (var token in tokens)
        {
            json.WriteStartObject();
            WriteToken(json, token);
            json.WriteStartArray("top_logprobs"u8);
            foreach (var best in token.Best)
            {
                json.WriteStartObject();
                WriteToken(json, best);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNull("refusal"u8);
        json.WriteEndObject();
    }

    /// <summary>The completions' form: an object of parallel lists.</summary>
    /// <param name="offset">Characters of the choice before these tokens; moved behind them.</param>
    public static void WriteText(Utf8JsonWriter json, IReadOnlyList<TokenLogprob>? tokens, ref int offset)
    {
        if (tokens is null)
        {
            json.WriteNull("logprobs"u8);
            return;
        }
        json.WriteStartObject("logprobs"u8);
        json.WriteStartArray("tokens"u8);
        foreach (var token in tokens)
            json.WriteStringValue(Spelling(token));
        json.WriteEndArray();
        json.WriteStartArray("token_logprobs"u8);
        foreach (var token in tokens)
            WriteValue(json, token.Logprob);
        json.WriteEndArray();
        json.WriteStartArray("top_logprobs"u8);
        foreach (var token in tokens)
            WriteBest(json, token);
        json.WriteEndArray();
        json.WriteStartArray("text_offset"u8);
        foreach (var token in tokens)
        {
            json.WriteNumberValue(offset);
            offset += Characters(token.Bytes.Span);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteToken(Utf8JsonWriter json, TokenLogprob token)
    {
        json.WriteString("token"u8, token.Text);
        json.WritePropertyName("logprob"u8);
        WriteValue(json, token.Logprob);
        json.WriteStartArray("bytes"u8);
        foreach (byte b in token.Bytes.Span)
            json.WriteNumberValue(b);
        json.WriteEndArray();
    }

    /// <summary>The most likely tokens by their text, and the token itself, as the contract has it.</summary>
    private static void WriteBest(Utf8JsonWriter json, TokenLogprob token)
    {
        if (token.Logprob is null)
        {
            json.WriteNullValue();
            return;
        }
        var written = new HashSet<string>(StringComparer.Ordinal);
        json.WriteStartObject();
        foreach (var one in token.Best.Append(token))
        {
            string name = Spelling(one);
            if (!written.Add(name))
                continue;
            json.WritePropertyName(name);
            WriteValue(json, one.Logprob);
        }
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, float? logprob)
    {
        if (logprob is { } value)
            json.WriteNumberValue(Math.Max(value, Impossible));
        else
            json.WriteNullValue();
    }

    /// <summary>A part of a character by its bytes, as OpenAI spells it.</summary>
    private static string Spelling(TokenLogprob token) => Utf8.IsValid(token.Bytes.Span)
        ? token.Text
        : "bytes:" + string.Concat(token.Bytes.ToArray().Select(b => string.Create(CultureInfo.InvariantCulture, $"\\x{b:x2}")));

    /// <summary>Characters that begin in these bytes.</summary>
    private static int Characters(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        foreach (byte b in bytes)
            count += (b & 0xC0) != 0x80 ? 1 : 0;
        return count;
    }
}

using System.Text.Json;
using System.Text.Unicode;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>The JSON of a request body, checked whole, so that nobody behind the door meets a text that cannot be read.</summary>
internal static class JsonBody
{
    private const int MaxDepth = 64;

    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };

    // Duplicates are refused because two readers of the same bytes (this one and a remote source) could each believe another value.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The root. It reads from <paramref name="body"/>, which must not change afterwards.</summary>
    /// <exception cref="InvalidRequestException">Not JSON, not UTF-8, or deeper than 64 levels.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> body)
    {
        RequireText(body);
        try
        {
            RefuseLoneSurrogates(body.Span);
            // Not disposed: elements of the view keep reading from it, so the collector decides when it goes.
            return JsonDocument.Parse(body, Options).RootElement;
        }
        catch (JsonException fault)
        {
            throw Broken(fault);
        }
    }

    /// <exception cref="InvalidRequestException">It is empty or not UTF-8.</exception>
    public static void RequireText(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
            throw Invalid("The body is empty; send a JSON object.");
        if (!Utf8.IsValid(body.Span))
            throw Invalid("The body is not valid UTF-8.");
    }

    public static InvalidRequestException Broken(JsonException fault) => Invalid($"The body is not valid JSON: {OneLine(fault)}");

    /// <summary>The text of the string or name at hand; null where it is null.</summary>
    /// <exception cref="InvalidRequestException">An escape in it stands for no character.</exception>
    public static string? TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            throw Invalid($"The body has an unpaired surrogate escape in the string at byte {reader.TokenStartIndex}.");
        }
    }

    /// <summary>
    /// An escape such as <c>\ud800</c> alone is JSON but no text; whoever reads it, the parser included, would throw unawares.
    /// </summary>
    private static void RefuseLoneSurrogates(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("\\ud"u8) < 0 && body.IndexOf("\\uD"u8) < 0)
            return;
        var reader = new Utf8JsonReader(body, ReaderOptions);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                TextOf(ref reader);
        }
    }

    private static string OneLine(JsonException fault)
    {
        string message = fault.Message;
        int place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string what = FieldError.Shorten(place < 0 ? message : message[..place]);
        return fault is { LineNumber: { } line, BytePositionInLine: { } at } ? $"{what} (line {line + 1}, byte {at + 1})" : what;
    }

    private static InvalidRequestException Invalid(string message) => new(message, code: "invalid_json");
}

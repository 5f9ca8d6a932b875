using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Protocol.Sources;

namespace Sluice.Protocol.Dialects;

/// <summary>Pieces of JSON that several of OpenAI's bodies share.</summary>
internal static class OpenAiJson
{
    /// <summary>
    /// Text stays UTF-8 up to U+FFFF, where the platform's encoder stops: nothing here goes into HTML, and escapes triple the size of most
    /// languages.
    /// </summary>
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static void WriteUsage(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, usage.PromptTokens);
        json.WriteNumber("completion_tokens"u8, usage.CompletionTokens);
        json.WriteNumber("total_tokens"u8, usage.TotalTokens);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CachedTokens);
        json.WriteEndObject();
        if (usage.AcceptedPredictionTokens + usage.RejectedPredictionTokens > 0)
        {
            json.WriteStartObject("completion_tokens_details"u8);
            json.WriteNumber("accepted_prediction_tokens"u8, usage.AcceptedPredictionTokens);
            json.WriteNumber("rejected_prediction_tokens"u8, usage.RejectedPredictionTokens);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}

using System.Text.Json;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Sources;

/// <summary>Checks the body of a blocking answer before it is relayed, while another source can still be asked.</summary>
internal static class WholeAnswer
{
    /// <summary>Its usage; null where it tells none.</summary>
    /// <exception cref="SourceException">It is not one whole JSON object, or it is an error.</exception>
    public static Usage? Check(string source, ReadOnlySpan<byte> body)
    {
        var usage = new UsageTally();
        try
        {
            var json = new Utf8JsonReader(body);
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
                throw new JsonException("it is no object");
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
                CheckField(body, ref json, usage);
            json.Read(); // nothing may follow
            return usage.Total;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new SourceException(SourceFailure.Failed, $"Source '{source}' sent an answer that is not JSON.", inner: fault);
        }
    }

    /// <summary>The number in the answer to a request that only counts a prompt's tokens.</summary>
    /// <exception cref="SourceException">There is none.</exception>
    public static int Count(string source, ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonElement.Parse(body).GetProperty("input_tokens").GetInt32();
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new SourceException(SourceFailure.Failed, $"Source '{source}' did not say how many tokens the prompt has.", inner: fault);
        }
    }

    private static void CheckField(ReadOnlySpan<byte> body, ref Utf8JsonReader json, UsageTally usage)
    {
        bool isUsage = json.ValueTextEquals("usage"u8), isError = json.ValueTextEquals("error"u8);
        json.Read();
        if (isError && json.TokenType != JsonTokenType.Null)
            throw UpstreamFaults.InStream(body);
        if (isUsage && json.TokenType == JsonTokenType.StartObject)
            usage.Read(ref json);
        else
            json.Skip();
    }
}

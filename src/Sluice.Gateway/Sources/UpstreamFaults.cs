using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Sources;

/// <summary>
/// What a source's failures are to the pool and to the client. Clients are told which source failed and how; what the source said itself
/// goes to them only where it is about their own request, else to the log.
/// </summary>
internal static class UpstreamFaults
{
    private const int LongestQuote = 500;
    private const int Overloaded = 529; // Anthropic's own

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>An answer with a status other than success.</summary>
    /// <param name="body">Its body, as far as it was read.</param>
    public static Exception Of(string source, HttpResponseMessage answer, ReadOnlySpan<byte> body, TimeProvider time)
    {
        int status = (int)answer.StatusCode;
        (string? message, string? param, string? code) = Describe(body);
        var said = new HttpRequestException(message ?? Quote(body), null, answer.StatusCode);
        TimeSpan? retryAfter = RetryAfter(answer.Headers, time);
        return status switch
        {
            400 or 413 or 422 => new InvalidRequestException(
                message ?? $"Source '{source}' refuses the request with status {status}.", param, code, status),
            429 or Overloaded => new SourceException(SourceFailure.Busy, $"Source '{source}' is at its limit.", retryAfter, said),
            401 or 403 => new SourceException(SourceFailure.Refused, $"Source '{source}' refuses our key (status {status}).", null, said),
            404 => new SourceException(SourceFailure.Refused, $"Source '{source}' does not know the model or the path.", null, said),
            408 or 502 or 503 or 504 => new SourceException(
                SourceFailure.Unavailable, $"Source '{source}' is not available (status {status}).", retryAfter, said),
            _ => new SourceException(SourceFailure.Failed, $"Source '{source}' answered with status {status}.", retryAfter, said),
        };
    }

    /// <summary>An error that came inside a stream, after its status said that all was well.</summary>
    public static SourceException InStream(ReadOnlySpan<byte> data) => new(
        SourceFailure.Failed, "The source failed while it answered.", inner: new HttpRequestException(Describe(data).Message ?? Quote(data)));

    public static SourceException WrongType(string source, HttpContentHeaders headers, string expected) => new(
        SourceFailure.Failed,
        $"Source '{source}' answered with '{Quote(Encoding.UTF8.GetBytes(headers.ContentType?.ToString() ?? ""))}' where {expected} was due.");

    public static SourceException BrokenOff(string source) =>
        new(SourceFailure.Failed, $"Source '{source}' stopped before its answer was complete.");

    /// <summary>No answer, or one that broke off.</summary>
    public static SourceException Of(string source, Exception fault) => fault switch
    {
        HttpRequestException { InnerException: RefusedAddressException refused } =>
            new(SourceFailure.Failed, $"The address of source '{source}' is not allowed; the log says why.", inner: refused),
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
        } => new(SourceFailure.Unavailable, $"Source '{source}' cannot be reached.", inner: fault),
        OperationCanceledException => new(SourceFailure.Unavailable, $"Source '{source}' did not accept a connection in time.", inner: fault),
        _ => new(SourceFailure.Failed, $"The connection to source '{source}' broke off.", inner: fault),
    };

    /// <summary>The error objects of all APIs: OpenAI's, Anthropic's and Google's nest it, Ollama's and TGI's are texts.</summary>
    private static (string? Message, string? Param, string? Code) Describe(ReadOnlySpan<byte> body)
    {
        try
        {
            JsonElement root = JsonElement.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
            if (root is { ValueKind: JsonValueKind.Array } && root.GetArrayLength() > 0)
                root = root[0]; // Google's streams
            if (root.ValueKind != JsonValueKind.Object)
                return default;
            JsonElement error = root.TryGetProperty("error", out JsonElement inner) ? inner : root;
            if (error.ValueKind == JsonValueKind.String)
                return (Quote(error.GetString()!), null, null);
            return error.ValueKind == JsonValueKind.Object
                ? (Text(error, "message") ?? Text(root, "detail"), Text(error, "param"), Text(error, "code") ?? Text(error, "type"))
                : default;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return default; // an error page of some proxy
        }
    }

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? Quote(value.GetString()!) : null;

    private static string Quote(ReadOnlySpan<byte> bytes) => Quote(Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, LongestQuote)]));

    /// <summary>Bounded, and on one line: it goes into logs and messages.</summary>
    private static string Quote(string text) =>
        (text.Length <= LongestQuote ? text : string.Concat(text.AsSpan(0, LongestQuote), "…")).ReplaceLineEndings(" ");

    private static TimeSpan? RetryAfter(HttpResponseHeaders headers, TimeProvider time)
    {
        TimeSpan? pause = headers.TryGetValues("retry-after-ms", out IEnumerable<string>? values)
            && double.TryParse(values.FirstOrDefault(), NumberStyles.Float, CultureInfo.InvariantCulture, out double milliseconds)
            && milliseconds is >= 0 and < 1e9
                ? TimeSpan.FromMilliseconds(milliseconds)
                : headers.RetryAfter switch
                {
                    { Delta: { } delta } => delta,
                    { Date: { } date } => date - time.GetUtcNow(),
                    _ => RateLimitReset.Find(headers, time),
                };
        return pause is not { } known ? null
            : known < TimeSpan.Zero ? TimeSpan.Zero
            : known > LongestRetryAfter ? LongestRetryAfter
            : known;
    }
}

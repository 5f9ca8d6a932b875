using Sluice.Protocol.Sources;

namespace Sluice.Protocol.Requests;

/// <summary>An error as a client sees it, before a dialect gives it its shape.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">Kind of error, in OpenAI's words, such as <c>invalid_request_error</c>.</param>
/// <param name="Message">One sentence: what is wrong and what to do.</param>
/// <param name="Param">The field at fault, as the client spelled it.</param>
/// <param name="Code">A machine-readable code, such as <c>model_not_found</c>.</param>
/// <param name="RetryAfter">When it makes sense to come back.</param>
public sealed record ApiError(
    int Status, string Type, string Message, string? Param = null, string? Code = null, TimeSpan? RetryAfter = null)
{
    public const string InvalidRequest = "invalid_request_error";

    public const string RateLimit = "rate_limit_error";

    public const string ServerError = "server_error";

    // A client that is told to come back but not when needs some pause.
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(1);

    public static ApiError From(InvalidRequestException mistake) =>
        new(mistake.Status, InvalidRequest, mistake.Message, mistake.Param, mistake.Code);

    public static ApiError From(SourceException fault) => fault.Reason switch
    {
        SourceFailure.Busy => new(429, RateLimit, fault.Message, Code: "queue_full", RetryAfter: fault.RetryAfter ?? DefaultPause),
        SourceFailure.Unavailable => new(503, ServerError, fault.Message, Code: "unavailable", RetryAfter: fault.RetryAfter),
        SourceFailure.Late => new(504, ServerError, fault.Message, Code: "deadline_exceeded"),
        _ => new(500, ServerError, fault.Message, Code: "source_failed", RetryAfter: fault.RetryAfter),
    };
}

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using Sluice.Server.Answers;
using Sluice.Server.Telemetry;

namespace Sluice.Server.Errors;

/// <summary>Tells a client what went wrong, and the log what the client must not see.</summary>
internal sealed partial class FaultTeller(ServerOptions options, Drain drain, ILogger<FaultTeller> log)
{
    public ApiError Tell(Exception fault, RequestInfo request)
    {
        switch (fault)
        {
            case InvalidRequestException mistake:
                return ApiError.From(mistake);
            case SourceException failure:
                LogSourceFailure(request.Id, failure.Reason, failure.Message, failure.InnerException);
                return ApiError.From(failure);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return Mistake(413, $"The body is larger than {options.MaxBodyBytes} bytes.", "request_too_large");
            case BadHttpRequestException broken:
                return Mistake(broken.StatusCode, "The request could not be read to its end.", "bad_request");
            case OperationCanceledException when drain.Deadline.IsCancellationRequested:
                return Failure(503, "The server is shutting down; the answer was cut off.", "shutting_down");
            default:
                LogFault(request.Id, fault);
                return Failure(500, $"The server failed; its log has the reason under request {request.Id}.", "internal_error");
        }
    }

    private static ApiError Mistake(int status, string message, string code) => new(status, ApiError.InvalidRequest, message, Code: code);

    private static ApiError Failure(int status, string message, string code) => new(status, ApiError.ServerError, message, Code: code);

    [LoggerMessage(1001, LogLevel.Error, "Request {RequestId} failed")]
    private partial void LogFault(string requestId, Exception fault);

    [LoggerMessage(1002, LogLevel.Warning, "Request {RequestId} was not answered ({Reason}): {Message}")]
    private partial void LogSourceFailure(string requestId, SourceFailure reason, string message, Exception? inner);
}

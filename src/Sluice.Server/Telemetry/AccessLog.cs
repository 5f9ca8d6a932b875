using Microsoft.Extensions.Logging;

namespace Sluice.Server.Telemetry;

/// <summary>One line for each request that was answered, where the options ask for it: who asked for which model, and how it ended.</summary>
internal sealed partial class AccessLog(ServerOptions options, ILogger<AccessLog> log)
{
    public void Write(RequestInfo request, string endpoint, int status, TimeSpan elapsed)
    {
        if (options.LogRequests)
            LogRequest(request.Id, endpoint, request.Model, request.Visitor?.Key?.Name, status, elapsed.TotalMilliseconds);
    }

    [LoggerMessage(1100, LogLevel.Information, "{RequestId} {Endpoint} model {Model} key {Key}: {Status} in {Milliseconds:0.0} ms")]
    private partial void LogRequest(string requestId, string endpoint, string? model, string? key, int status, double milliseconds);
}

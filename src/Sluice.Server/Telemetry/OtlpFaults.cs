using System.Diagnostics.Tracing;
using Microsoft.Extensions.Logging;

namespace Sluice.Server.Telemetry;

/// <summary>
/// Says in the log, at most once a minute, that a collector does not take what it is sent: the exporter itself keeps silent.
/// </summary>
internal sealed partial class OtlpFaults(Uri collector, ILogger log, TimeProvider time) : EventListener
{
    private const string Exporter = "OpenTelemetry-Exporter-OpenTelemetryProtocol";

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long? _told;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Exporter)
            EnableEvents(eventSource, EventLevel.Warning);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        lock (_gate)
        {
            if (_told is { } before && time.GetElapsedTime(before) < Pause)
                return;
            _told = time.GetTimestamp();
        }
        // A fault comes with its whole stack: what went wrong is in its first line.
        IEnumerable<string> parts = eventData.Payload?.Select(part => (part?.ToString() ?? "").Split('\n')[0].Trim()) ?? [];
        LogFault(collector, eventData.EventName, string.Join(' ', parts));
    }

    [LoggerMessage(1300, LogLevel.Warning, "Traces and metrics do not reach {Collector} ({Event}): {Reason}")]
    private partial void LogFault(Uri collector, string? @event, string reason);
}

using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sluice.Server.Telemetry;

/// <summary>Writes each log entry as one line of text without secrets: the local time, the level, who says it and what.</summary>
internal sealed class TextLogFormatter(Redactor redactor, TimeProvider time) : ILogFormatter
{
    public void Write<TState>(in LogEntry<TState> entry, IBufferWriter<byte> line)
    {
        string text = entry.Formatter(entry.State, entry.Exception);
        if (entry.Exception is { } fault)
            text = $"{text} {fault}";
        string when = time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        string said = $"{when} {NameOf(entry.LogLevel)}: {entry.Category}[{entry.EventId.Id}] {redactor.Clean(text)}";
        Encoding.UTF8.GetBytes($"{said.ReplaceLineEndings(" ")}\n", line);
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}

using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Sluice.Server.Telemetry;

/// <summary>Writes each log entry as one line of text without secrets: the local time, the level, who says it and what.</summary>
internal sealed class TextLogFormatter(Redactor redactor, TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "sluice-text";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string text = entry.Formatter(entry.State, entry.Exception);
        if (entry.Exception is { } fault)
            text = $"{text} {fault}";
        string when = time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        string line = $"{when} {NameOf(entry.LogLevel)}: {entry.Category}[{entry.EventId.Id}] {redactor.Clean(text)}";
        textWriter.WriteLine(line.ReplaceLineEndings(" "));
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

using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sluice.Server.Telemetry;

/// <summary>Writes each log entry as one JSON object on one line: its own fields beside the message, every text without secrets.</summary>
internal sealed class JsonLogFormatter(Redactor redactor, TimeProvider time) : ILogFormatter
{
    // The logging library's own name for the text with holes.
    private const string Template = "{OriginalFormat}";

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    // Names of the fields of messages, as they are written: as many as the code has.
    private readonly ConcurrentDictionary<string, JsonEncodedText> _names = new();

    public void Write<TState>(in LogEntry<TState> entry, IBufferWriter<byte> line)
    {
        Utf8JsonWriter json = _writer ?? new Utf8JsonWriter(line);
        _writer = null; // an entry's own text might log
        json.Reset(line);
        json.WriteStartObject();
        json.WriteString("time"u8, time.GetUtcNow().UtcDateTime);
        json.WriteString("level"u8, NameOf(entry.LogLevel));
        json.WriteString("category"u8, entry.Category);
        json.WriteNumber("event"u8, entry.EventId.Id);
        json.WriteString("message"u8, redactor.Clean(entry.Formatter(entry.State, entry.Exception)));
        if (entry.State is IReadOnlyList<KeyValuePair<string, object?>> fields)
            WriteFields(json, fields);
        if (entry.Exception is { } fault)
            json.WriteString("exception"u8, redactor.Clean(fault.ToString()));
        json.WriteEndObject();
        json.Flush();
        line.Write("\n"u8);
        _writer = json;
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };

    private void WriteFields(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> fields)
    {
        foreach ((string name, object? value) in fields)
        {
            if (name == Template || value is null)
                continue;
            json.WritePropertyName(_names.GetOrAdd(
                name, static name => JsonEncodedText.Encode(JsonNamingPolicy.SnakeCaseLower.ConvertName(name))));
            if (value is int or long)
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
            else if (value is double number && double.IsFinite(number))
                json.WriteNumberValue(Math.Round(number, 3));
            else
                json.WriteStringValue(redactor.Clean(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
        }
    }
}

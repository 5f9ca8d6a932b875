using System.Buffers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sluice.Server.Telemetry;

/// <summary>
/// The log as lines of a stream, written many at a time: a write, and a thread woken for it, per request would cost more than what the line
/// tells. What is worth a warning goes out at once, with all before it; the rest within a quarter of a second.
/// </summary>
internal sealed class BatchedLog : ILoggerProvider
{
    private const int MostBytes = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly Stream _output;
    private readonly ILogFormatter _formatter;
    private readonly ITimer _timer;
    private readonly Lock _writing = new(); // taken before the other one
    private readonly Lock _filling = new();
    private ArrayBufferWriter<byte> _lines = new(MostBytes);
    private ArrayBufferWriter<byte> _spare = new(MostBytes);
    private bool _due;
    private bool _disposed;

    /// <param name="output">Borrowed. A reader of it that does not read holds up whoever logs once 64 KB wait.</param>
    public BatchedLog(Stream output, ILogFormatter formatter, TimeProvider time)
    {
        (_output, _formatter) = (output, formatter);
        _timer = time.CreateTimer(_ => Flush(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <summary>Writes what waits.</summary>
    public void Dispose()
    {
        lock (_filling)
            _disposed = true; // whoever logs still, later than this, is heard at once
        _timer.Dispose();
        Flush();
    }

    private void Add(ReadOnlySpan<byte> line, bool urgent)
    {
        lock (_filling)
        {
            _lines.Write(line);
            urgent |= _disposed || _lines.WrittenCount >= MostBytes;
            if (!urgent && !_due)
                _due = _timer.Change(Patience, Timeout.InfiniteTimeSpan);
        }
        if (urgent)
            Flush();
    }

    private void Flush()
    {
        lock (_writing)
        {
            lock (_filling)
            {
                (_lines, _spare) = (_spare, _lines);
                _due = false;
            }
            try
            {
                _output.Write(_spare.WrittenSpan);
                _output.Flush();
            }
            catch (IOException)
            {
                // Nobody reads the log any more, and there is no place left to say so; answers go on.
            }
            _spare.ResetWrittenCount();
        }
    }

    private sealed class Logger(BatchedLog owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            ArrayBufferWriter<byte> line = Scratch.Rent();
            owner._formatter.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), line);
            owner.Add(line.WrittenSpan, urgent: logLevel >= LogLevel.Warning);
            Scratch.Return(line);
        }
    }
}

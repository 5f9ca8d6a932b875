using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sluice.Server.Telemetry;

/// <summary>How an entry of the log becomes a line. From any thread.</summary>
internal interface ILogFormatter
{
    /// <summary>Writes one line in UTF-8, its end included and no other.</summary>
    void Write<TState>(in LogEntry<TState> entry, IBufferWriter<byte> line);
}

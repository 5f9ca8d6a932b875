using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Sluice.Cli.Load;

/// <summary>Reads one answer's stream of events and notes when each piece of text came. For one thread.</summary>
internal sealed class StreamedAnswer(LoadClock clock)
{
    private const int LongestLineBytes = 1 << 20;
    private const int LongestMessage = 200;

    private readonly List<TimeSpan> _pieces = [];
    private bool _closed;
    private bool _finished;

    /// <summary>When the pieces of its text came.</summary>
    public IReadOnlyList<TimeSpan> Pieces => _pieces;

    public TokenUsage? Usage { get; private set; }

    /// <summary>When its last byte had come, or what went wrong had gone wrong.</summary>
    public TimeSpan Ended { get; private set; }

    /// <summary>Null for a whole answer.</summary>
    public LoadFailure? Failure { get; private set; }

    /// <summary>Reads to the end of the stream.</summary>
    public async Task ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        while (!_closed && Failure is null)
        {
            ReadResult read = await reader.ReadAsync(cancellation);
            TimeSpan now = clock.Now; // before the work of looking into it
            ReadOnlySequence<byte> buffer = read.Buffer;
            while (!_closed && TakeLine(ref buffer, out ReadOnlySequence<byte> line))
                Observe(line, now);
            if (buffer.Length > LongestLineBytes)
                Fail("no stream", $"a line of the stream is longer than {LongestLineBytes} bytes");
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
                break;
        }
        await reader.CompleteAsync();
        if (!_finished)
            Fail("cut off", "the stream ended before its answer did");
    }

    /// <summary>Only the first failure counts.</summary>
    public void Fail(string kind, string message)
    {
        string line = message.ReplaceLineEndings(" ").Trim();
        Failure ??= new LoadFailure(kind, line.Length <= LongestMessage ? line : line[..LongestMessage] + "…");
    }

    public void End() => Ended = clock.Now;

    private static bool TakeLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        line = default;
        if (buffer.PositionOf((byte)'\n') is not { } end)
            return false;
        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }

    private void Observe(ReadOnlySequence<byte> line, TimeSpan now)
    {
        ReadOnlySpan<byte> prefix = "data:"u8;
        if (line.Length < prefix.Length || !Head(line, prefix.Length).SequenceEqual(prefix))
            return; // a comment, an event's name, the blank line between two
        byte[] data = line.Slice(prefix.Length).ToArray();
        if (data.AsSpan().Trim(" \r"u8).SequenceEqual("[DONE]"u8))
        {
            _closed = true;
            return;
        }
        try
        {
            var e = StreamEvent.Parse(data);
            if (e.Error is { } error)
                Fail("error in stream", error);
            if (e.HasText)
                _pieces.Add(now);
            _finished |= e.Finished;
            Usage = e.Usage ?? Usage;
        }
        catch (JsonException)
        {
            Fail("no stream", "an event of the stream is no JSON");
        }
    }

    private static ReadOnlySpan<byte> Head(ReadOnlySequence<byte> line, int bytes) =>
        line.FirstSpan.Length >= bytes ? line.FirstSpan[..bytes] : line.Slice(0, bytes).ToArray();
}

using Sluice.Pipe.Asking;
using Sluice.Pipe.Records;

namespace Sluice.Pipe.Journals;

/// <summary>What earlier runs left in a journal. Memory does not grow with it. Not for several threads.</summary>
internal sealed class JournalHistory : IDisposable
{
    private const int MaxLineBytes = 256 << 20;
    private const int ReadBytes = 64 * 1024;

    private readonly PositionTable _positions;
    private readonly FileStream _file;
    private byte[] _read = new byte[ReadBytes];
    private long _readAt;
    private int _readCount;

    private JournalHistory(FileStream file, string folder)
    {
        _file = file;
        _positions = new PositionTable(folder);
    }

    /// <summary>Answers in it, of different records.</summary>
    public long Answers { get; private set; }

    /// <summary>The last thing said about an output file; null where nothing is.</summary>
    public Checkpoint? Checkpoint { get; private set; }

    /// <summary>Bytes up to the end of the last whole line; what follows was torn by the end of its run.</summary>
    public long WholeBytes { get; private set; }

    /// <param name="file">The journal, which stays its owner's.</param>
    /// <param name="folder">Where a file for the positions may be.</param>
    /// <param name="onEntry">Called with each answer, in the order in which they came; null where nobody looks.</param>
    /// <exception cref="PipeException">The journal cannot be read, or is another kind of file.</exception>
    public static async Task<JournalHistory> ReadAsync(
        FileStream file, string folder, Action<JournalEntry>? onEntry, CancellationToken cancellation)
    {
        var history = new JournalHistory(file, folder);
        try
        {
            await history.ScanAsync(onEntry, cancellation).ConfigureAwait(false);
            return history;
        }
        catch
        {
            history.Dispose();
            throw;
        }
    }

    /// <summary>The answer to a record's question; null where there is none, or another question was asked.</summary>
    public JournalEntry? Find(long number, QuestionKey key) =>
        _positions.Find(number) is { } position && JournalLine.Read(LineAt(position)) is JournalEntry entry && entry.Key == key
            ? entry : null;

    public void Dispose() => _positions.Dispose();

    private async Task ScanAsync(Action<JournalEntry>? onEntry, CancellationToken cancellation)
    {
        var lines = new SegmentReader(_file, (byte)'\n', MaxLineBytes);
        while (await lines.ReadAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            long end = line.Offset + line.Bytes.Length + 1;
            bool isTorn = line.TooLong || end > _file.Length;
            object? said = isTorn ? null : JournalLine.Read(line.Bytes);
            if (line.Offset == 0 && !isTorn && said is null && !line.Bytes.Span.StartsWith("{\"n\":"u8))
                throw new PipeException(PipeFault.Usage, $"--journal: {_file.Name} is not a journal; name another file");
            if (!isTorn)
                WholeBytes = end;
            if (said is JournalEntry entry)
            {
                Answers += _positions.Find(entry.Number) is null ? 1 : 0;
                _positions.Set(entry.Number, line.Offset);
                onEntry?.Invoke(entry);
            }
            Checkpoint = said as Checkpoint ?? Checkpoint;
        }
    }

    /// <summary>Reads ahead, because records are asked for nearly in the order in which they were journaled.</summary>
    private ReadOnlyMemory<byte> LineAt(long position)
    {
        bool held = position >= _readAt && position < _readAt + _readCount;
        int from = held ? (int)(position - _readAt) : 0;
        int length = held ? _read.AsSpan(from, _readCount - from).IndexOf((byte)'\n') : -1;
        if (length >= 0)
            return _read.AsMemory(from, length);
        _readAt = position;
        _readCount = 0;
        while (true)
        {
            if (_readCount == _read.Length)
                Array.Resize(ref _read, _read.Length * 2);
            int count = RandomAccess.Read(_file.SafeFileHandle, _read.AsSpan(_readCount), position + _readCount);
            _readCount += count;
            length = _read.AsSpan(0, _readCount).IndexOf((byte)'\n');
            if (length >= 0 || count == 0)
                return _read.AsMemory(0, Math.Max(length, 0));
        }
    }
}

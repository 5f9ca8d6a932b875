using System.Buffers;
using Sluice.Pipe.Asking;

namespace Sluice.Pipe.Journals;

/// <summary>
/// An append-only file of answers, so that no question is asked twice. Lines are given to the system within moments, so that they
/// outlive the process, and to the disk once a second, so that most outlive a power cut.
/// </summary>
internal sealed class Journal : IAsyncDisposable
{
    private const int MaxPendingBytes = 1 << 20;
    private static readonly TimeSpan SyncEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _work = new(0, 1);
    private readonly Task _writing;
    private ArrayBufferWriter<byte> _pending = new(), _spare = new();
    private Exception? _fault;
    private bool _ending;

    /// <param name="file">From <see cref="OpenFile"/>; the journal closes it.</param>
    /// <param name="keepBytes">How much of what is in the file stays: up to the end of its last whole line.</param>
    public Journal(FileStream file, long keepBytes, TimeProvider time)
    {
        _file = file;
        _file.SetLength(keepBytes);
        _file.Position = keepBytes;
        _time = time;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Opens or makes the file, for this process alone: two runs would write into each other's lines.</summary>
    /// <exception cref="PipeException">It cannot be opened, or another run has it open.</exception>
    public static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PipeException(PipeFault.Usage, $"--journal: {e.Message}", e);
        }
    }

    /// <exception cref="PipeException">An earlier line could not be written.</exception>
    public void Append(JournalEntry entry) => Append(output => JournalLine.Write(output, entry));

    /// <exception cref="PipeException">An earlier line could not be written.</exception>
    public void AppendFailure(long number, long offset, QuestionKey key, string problem) =>
        Append(output => JournalLine.WriteFailure(output, number, offset, key, problem));

    /// <exception cref="PipeException">An earlier line could not be written.</exception>
    public void Append(Checkpoint checkpoint) => Append(output => JournalLine.Write(output, checkpoint));

    /// <summary>Writes what is still to be written, to the disk.</summary>
    /// <exception cref="PipeException">It could not be written.</exception>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
            _ending = true;
        Wake();
        await _writing.ConfigureAwait(false);
        await _file.DisposeAsync().ConfigureAwait(false);
        _work.Dispose();
        if (_fault is not null)
            throw Fault(_fault);
    }

    private void Append(Action<IBufferWriter<byte>> write)
    {
        lock (_lock)
        {
            if (_fault is not null)
                throw Fault(_fault);
            write(_pending);
            if (_pending.WrittenCount > MaxPendingBytes)
                WriteOrRemember(WritePending); // the disk is slower than the answers: they wait for it
        }
        Wake();
    }

    private void Wake()
    {
        lock (_work)
        {
            if (_work.CurrentCount == 0)
                _work.Release();
        }
    }

    private async Task WriteAsync()
    {
        long synced = _time.GetTimestamp();
        bool unsynced = false, ending = false;
        while (!ending)
        {
            TimeSpan wait = unsynced ? SyncEvery : Timeout.InfiniteTimeSpan;
            await _work.WaitAsync(wait).ConfigureAwait(false);
            lock (_lock)
            {
                ending = _ending || _fault is not null;
                unsynced |= _pending.WrittenCount > 0;
                WriteOrRemember(WritePending);
            }
            if (unsynced && (ending || _time.GetElapsedTime(synced) >= SyncEvery))
            {
                WriteOrRemember(() => _file.Flush(flushToDisk: true));
                synced = _time.GetTimestamp();
                unsynced = false;
            }
        }
    }

    /// <summary>A file that fails is told of by the next who writes, and at the end.</summary>
    private void WriteOrRemember(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _fault ??= e;
        }
    }

    private void WritePending()
    {
        if (_pending.WrittenCount == 0)
            return;
        (ArrayBufferWriter<byte> full, _pending) = (_pending, _spare);
        _spare = full;
        _file.Write(full.WrittenSpan);
        full.ResetWrittenCount();
    }

    private static PipeException Fault(Exception e) => new(PipeFault.Output, $"the journal cannot be written: {e.Message}", e);
}

using Sluice.Pipe.Asking;

namespace Sluice.Pipe.Journals;

/// <summary>The journal of one run: what earlier runs left in it, and where the new answers go.</summary>
public sealed class JournalSession : IAsyncDisposable
{
    private JournalSession(Journal journal, JournalHistory? history, Checkpoint checkpoint)
    {
        Journal = journal;
        History = history;
        Checkpoint = checkpoint;
    }

    /// <summary>Where this run's output file begins: what of it an earlier run wrote and stays.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>Answers that earlier runs left.</summary>
    public long Answers => History?.Answers ?? 0;

    internal Journal Journal { get; }

    internal JournalHistory? History { get; }

    /// <param name="resume">Whether an earlier run goes on; else a journal that has anything in it is refused.</param>
    /// <param name="output">The run's output file; null for standard output, which gets everything again.</param>
    /// <param name="run">Of everything that decides what the output looks like: after a change it is written anew.</param>
    /// <param name="onAnswer">Called with each earlier answer; null where nobody looks.</param>
    /// <exception cref="PipeException">The journal cannot be used.</exception>
    public static async Task<JournalSession> OpenAsync(
        string path, bool resume, string? output, QuestionKey run, TimeProvider time, Action<QuestionKey, Answer>? onAnswer,
        CancellationToken cancellation)
    {
        string full = output is null ? "" : Path.GetFullPath(output);
        var fresh = new Checkpoint(run, full, 0, 0);
        FileStream file = Journals.Journal.OpenFile(path);
        JournalHistory? history = null;
        try
        {
            if (file.Length > 0 && !resume)
            {
                throw new PipeException(PipeFault.Usage,
                    $"--journal: {path} has answers of an earlier run: add --resume to go on with it, or name another file");
            }
            if (file.Length == 0)
                return new JournalSession(new Journal(file, 0, time), null, fresh);
            history = await JournalHistory.ReadAsync(
                file, Path.GetTempPath(), onAnswer is null ? null : entry => onAnswer(entry.Key, entry.Answer), cancellation)
                .ConfigureAwait(false);
            bool goesOn = history.Checkpoint is { } last && last.Run == run && last.Output == full && output is not null
                && File.Exists(output) && new FileInfo(output).Length >= last.Bytes;
            return new JournalSession(new Journal(file, history.WholeBytes, time), history, goesOn ? history.Checkpoint! : fresh);
        }
        catch
        {
            history?.Dispose();
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        History?.Dispose();
        await Journal.DisposeAsync().ConfigureAwait(false);
    }
}

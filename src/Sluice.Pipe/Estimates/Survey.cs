using Sluice.Pipe.Asking;
using Sluice.Pipe.Flow;
using Sluice.Pipe.Records;

namespace Sluice.Pipe.Estimates;

/// <summary>Reads an input as a run would, and counts what would be asked. Nothing is.</summary>
/// <param name="sample">How many records to keep for asking.</param>
public sealed class Survey(PipeJob job, int sample)
{
    // As many as a run remembers; beyond that this counts some as new that are not.
    private const int MostKinds = 100_000;

    private readonly HashSet<QuestionKey> _kinds = [];
    private readonly List<Question> _pending = [];
    private readonly Spread<Record> _sample = new(sample);

    public long Records { get; private set; }

    public long Blank { get; private set; }

    /// <summary>Records that would fail without being asked about.</summary>
    public long Impossible { get; private set; }

    /// <summary>Records whose answer is in the journal.</summary>
    public long Journaled { get; private set; }

    /// <summary>Records that would get the answer of another.</summary>
    public long Shared { get; private set; }

    public long ToAsk { get; private set; }

    public long Calls { get; private set; }

    /// <summary>Of all prompts, as the source counts them.</summary>
    public long PromptTokens { get; private set; }

    /// <summary>Bytes of all questions.</summary>
    public long QuestionBytes { get; private set; }

    /// <summary>What would be asked first; null where nothing would.</summary>
    public Question? First { get; private set; }

    /// <summary>Records that would be asked about, spread over the input.</summary>
    public IReadOnlyList<Record> Sample => _sample.Take();

    /// <exception cref="PipeException">The input cannot be read, or does not go with the prompt.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (await job.Reader.ReadAsync(cancellation).ConfigureAwait(false) is { } record)
        {
            if (Records++ == 0 && job.Reader.Columns is { } columns)
                job.Stage.CheckColumns(columns);
            if (FindQuestion(record) is not { } question)
                continue;
            _sample.Add(record);
            First ??= question;
            _pending.Add(question);
            if (_pending.Count >= job.Flow.RecordsPerCall)
                await CountAsync(cancellation).ConfigureAwait(false);
        }
        await CountAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>What would be asked about a record; null where nothing would, which is counted.</summary>
    private Question? FindQuestion(Record record)
    {
        if (record.IsBlank)
        {
            Blank++;
            return null;
        }
        Question? question = record.Problem is null ? job.Stage.Pose(record) : null;
        if (question is null or { Problem: not null })
        {
            Impossible++;
            return null;
        }
        if (job.Journal?.History?.Find(record.Number, question.Key) is not null)
        {
            Journaled++;
            return null;
        }
        if ((job.Flow.Share || job.Likeness is not null) && !IsNew(job.Likeness?.KeyOf(record) ?? question.Key))
        {
            Shared++;
            return null;
        }
        return question;
    }

    private bool IsNew(QuestionKey kind) => _kinds.Count < MostKinds ? _kinds.Add(kind) : !_kinds.Contains(kind);

    private async Task CountAsync(CancellationToken cancellation)
    {
        if (_pending.Count == 0)
            return;
        Question[] call = [.. _pending];
        _pending.Clear();
        if (await FindTokensAsync(call, cancellation).ConfigureAwait(false) is { } together)
        {
            Add(call, together);
            return;
        }
        foreach (Question question in call)
        {
            if (await FindTokensAsync([question], cancellation).ConfigureAwait(false) is { } alone)
                Add([question], alone);
            else
                Impossible++;
        }
    }

    private void Add(Question[] call, int tokens)
    {
        Calls++;
        ToAsk += call.Length;
        PromptTokens += tokens;
        QuestionBytes += call.Sum(question => (long)question.Body.Length);
    }

    /// <summary>Null where the source would refuse them.</summary>
    private async Task<int?> FindTokensAsync(Question[] call, CancellationToken cancellation)
    {
        try
        {
            return await job.Stage.CountTokensAsync(call, cancellation).ConfigureAwait(false);
        }
        catch (AnswerException)
        {
            return null; // counted as impossible by whoever asks for one alone
        }
    }
}

using System.Collections.Concurrent;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Stages;
using Sluice.Protocol.Sources;
using Record = Sluice.Pipe.Records.Record;

namespace Sluice.Tests.Pipe.Flow;

/// <summary>Answers several records in one call, <c>t:TEXT</c> each, and single ones as <see cref="ScriptedStage"/> does.</summary>
/// <param name="text">A record's answer out of a call about several, null for none; null for <c>t:TEXT</c>.</param>
internal sealed class ScriptedBatchStage(ScriptedStage alone, Func<string, string?>? text = null) : IBatchStage
{
    public static readonly Usage CallUsage = new(101, 7, 3);

    /// <summary>The records of each call about several.</summary>
    public ConcurrentQueue<string[]> Calls { get; } = new();

    public bool Batches => true;

    public void CheckColumns(IReadOnlyList<string> columns) => alone.CheckColumns(columns);

    public Question Pose(Record record) => alone.Pose(record) with { Text = record.Text };

    public ValueTask<int> CountTokensAsync(IReadOnlyList<Question> questions, CancellationToken cancellation) =>
        alone.CountTokensAsync(questions, cancellation);

    public Task<Answer> AnswerAsync(Question question, CancellationToken cancellation) => alone.AnswerAsync(question, cancellation);

    public Task<BatchAnswer> AnswerTogetherAsync(IReadOnlyList<Question> questions, CancellationToken cancellation)
    {
        Calls.Enqueue([.. questions.Select(question => question.Text)]);
        return Task.FromResult(new BatchAnswer(
            [.. questions.Select(question => text is null ? "t:" + question.Text : text(question.Text))], CallUsage));
    }
}

using Sluice.Pipe.Asking;
using Sluice.Pipe.Stages;
using Sluice.Protocol.Sources;

namespace Sluice.Pipe.Flow;

/// <summary>
/// One call about several records. Each gets its own answer out of it, or is asked about alone where it has none there, so that none goes
/// without and none is answered twice. Those who join come one after another, before it runs.
/// </summary>
internal sealed class BatchCall(IBatchStage stage)
{
    private readonly List<(Question Question, TaskCompletionSource<Answer> Answer)> _joined = [];

    /// <summary>Calls that it took.</summary>
    public int Calls { get; private set; }

    /// <summary>The answer to a question, which comes when the call has run.</summary>
    public Task<Answer> Join(Question question)
    {
        var answer = new TaskCompletionSource<Answer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _joined.Add((question, answer));
        return answer.Task;
    }

    /// <summary>Runs it. What goes wrong is for those who joined; this does not throw.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        BatchAnswer? together = null;
        try
        {
            together = _joined.Count < 2 ? null : await AskTogetherAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            for (int i = 0; i < _joined.Count; i++)
                _joined[i].Answer.SetException(e is AnswerException fault ? WithShare(fault, i) : e);
            return;
        }
        for (int i = 0; i < _joined.Count; i++)
            await AnswerAsync(i, together, cancellation).ConfigureAwait(false);
    }

    /// <summary>A source that will not have these together, or answers nothing of use, may answer each.</summary>
    private async Task<BatchAnswer> AskTogetherAsync(CancellationToken cancellation)
    {
        Calls++;
        try
        {
            return await stage.AnswerTogetherAsync([.. _joined.Select(one => one.Question)], cancellation).ConfigureAwait(false);
        }
        catch (AnswerException e) when (!e.IsOfSource)
        {
            return new BatchAnswer(new string?[_joined.Count], e.Usage);
        }
    }

    private async Task AnswerAsync(int index, BatchAnswer? together, CancellationToken cancellation)
    {
        var (question, answer) = _joined[index];
        Usage share = together is null ? new Usage(0, 0, 0) : ShareOf(together.Usage, index);
        try
        {
            if (together?.Texts[index] is { } text)
            {
                answer.SetResult(new Answer(text) { Usage = share });
                return;
            }
            Calls++;
            Answer alone = await stage.AnswerAsync(question, cancellation).ConfigureAwait(false);
            answer.SetResult(alone with { Usage = Sum(alone.Usage, share) });
        }
        catch (AnswerException e)
        {
            answer.SetException(new AnswerException(e.Message, e.InnerException) { Usage = Sum(e.Usage, share) });
        }
        catch (Exception e)
        {
            answer.SetException(e);
        }
    }

    private AnswerException WithShare(AnswerException e, int index) =>
        new(e.Message, e.InnerException) { Usage = ShareOf(e.Usage, index) };

    /// <summary>What of the call's tokens is a record's; together they are all.</summary>
    private Usage ShareOf(Usage whole, int index)
    {
        return new Usage(Part(whole.PromptTokens), Part(whole.CompletionTokens), Part(whole.CachedTokens));

        int Part(int tokens) => (tokens / _joined.Count) + (index < tokens % _joined.Count ? 1 : 0);
    }

    private static Usage Sum(Usage a, Usage b) =>
        new(a.PromptTokens + b.PromptTokens, a.CompletionTokens + b.CompletionTokens, a.CachedTokens + b.CachedTokens);
}

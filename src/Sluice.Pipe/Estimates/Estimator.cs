using System.Collections.Concurrent;
using Sluice.Gateway.Configuration;
using Sluice.Pipe.Flow;
using Sluice.Pipe.Output;
using Sluice.Pipe.Reports;

namespace Sluice.Pipe.Estimates;

/// <summary>
/// Says what a run would come to: counts all of its questions, asks some of them where it may, and infers the rest from those.
/// </summary>
/// <param name="prices">Null where nobody knows any.</param>
/// <param name="rates">What holds the run up.</param>
/// <param name="isExact">Whether the source counts a prompt's tokens exactly without answering it.</param>
public sealed class Estimator(PipeJob job, Prices? prices, RateConfig rates, bool isExact, TimeProvider time)
{
    private const double SecondsPerMinute = 60;

    /// <param name="sample">Records to ask about; 0 asks nothing.</param>
    /// <exception cref="PipeException">The input cannot be read, or does not go with the prompt.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task<Estimate> RunAsync(int sample, CancellationToken interrupt)
    {
        var survey = new Survey(job, sample);
        await survey.RunAsync(interrupt).ConfigureAwait(false);
        if (sample == 0)
            return Infer(survey, [], inFlight: 1);
        var (ended, inFlight) = await AskAsync(survey.Sample, interrupt).ConfigureAwait(false);
        return Infer(survey, ended, inFlight);
    }

    /// <returns>The records that ended, and how many calls were in flight at once.</returns>
    private async Task<(IReadOnlyList<EndedRecord> Ended, int InFlight)> AskAsync(
        IReadOnlyList<Records.Record> sample, CancellationToken interrupt)
    {
        var ended = new ConcurrentQueue<EndedRecord>();
        using var nowhere = new StreamSink(Stream.Null, _ => false);
        using var run = new PipeRun(job with
        {
            Reader = new ListedRecords(sample, job.Reader.Columns),
            Writer = new NothingWriter(),
            Sink = nowhere,
            Flow = job.Flow with { Unordered = true }, // there are gaps between them
            Ended = record =>
            {
                ended.Enqueue(record);
                job.Ended?.Invoke(record);
            },
        }, time);
        await run.RunAsync(interrupt).ConfigureAwait(false);
        interrupt.ThrowIfCancellationRequested();
        int calls = (sample.Count + job.Flow.RecordsPerCall - 1) / job.Flow.RecordsPerCall;
        return ([.. ended], Math.Clamp(run.Limit, 1, Math.Max(1, calls)));
    }

    private Estimate Infer(Survey survey, IReadOnlyList<EndedRecord> ended, int inFlight)
    {
        EndedRecord[] answered = [.. ended.Where(one => one.Outcome.Answer is not null)];
        bool tells = answered.Length >= 2;
        Interval prompts = isExact || !tells
            ? Interval.Exactly(survey.PromptTokens)
            : Interval.OfTotal(
                [.. answered.Select(one => ((double)one.Question!.Body.Length, (double)one.Outcome.Answer!.Usage.PromptTokens))],
                survey.QuestionBytes, survey.ToAsk);
        Interval? answers = tells
            ? Interval.OfTotal([.. answered.Select(one => (double)one.Outcome.Answer!.Usage.CompletionTokens)], survey.ToAsk) : null;
        double atOnce = inFlight * job.Flow.RecordsPerCall;
        Interval? seconds = tells
            ? Interval.OfTotal([.. answered.Select(one => one.Took.TotalSeconds / atOnce)], survey.ToAsk) : null;
        double least = LeastSeconds(survey.Calls, prompts.Value + (answers?.Value ?? 0));
        Interval? heldUp = least > 0 ? Interval.Exactly(least) : null;
        return new Estimate
        {
            Survey = survey, Sampled = ended.Count, SampleFailed = ended.Count - answered.Length,
            PromptTokens = prompts, AnswerTokens = answers,
            Cost = prices is null ? null : ((prompts * prices.Input) + ((answers ?? default) * prices.Output)) * 1e-6,
            Seconds = seconds?.AtLeast(least) ?? heldUp,
        };
    }

    /// <summary>What the rates make of it. A minute's worth is let through at once.</summary>
    private double LeastSeconds(long calls, double tokens) => SecondsPerMinute * Math.Max(
        rates.RequestsPerMinute is { } requests ? Math.Max(0, (calls / requests) - 1) : 0,
        rates.TokensPerMinute is { } most ? Math.Max(0, (tokens / most) - 1) : 0);
}

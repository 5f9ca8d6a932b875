using System.Text;
using Sluice.Gateway.Configuration;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Estimates;
using Sluice.Pipe.Flow;
using Sluice.Pipe.Output;
using Sluice.Pipe.Records;
using Sluice.Pipe.Reports;
using Sluice.Pipe.Stages;
using Sluice.Protocol.Sources;
using Sluice.Tests.Pipe.Flow;

namespace Sluice.Tests.Pipe.Estimates;

/// <summary>What a run would come to, against what it comes to.</summary>
public sealed class EstimatorTests
{
    private static readonly Prices Price = new(2, 10);

    [Fact]
    public async Task Run_Dry_CountsEverythingAndAsksNothing()
    {
        var stage = new ScriptedStage();
        var job = Job(stage, "aa\n\nbbbb\naa\ncc\n", new FlowOptions { Share = true });
        Estimate estimate = await EstimatorOf(job, exact: true).RunAsync(0, TestContext.Current.CancellationToken);
        Survey survey = estimate.Survey;
        Assert.Empty(stage.Asked);
        Assert.Equal((5, 1, 1, 3, 3, 8), (survey.Records, survey.Blank, survey.Shared, survey.ToAsk, survey.Calls, survey.PromptTokens));
        Assert.Equal(Interval.Exactly(8), estimate.PromptTokens);
        Assert.Equal(8 * Price.Input * 1e-6, estimate.Cost!.Value.Value, 12);
        Assert.Equal((null, null), (estimate.AnswerTokens, estimate.Seconds));
    }

    [Fact]
    public async Task Run_ASample_ForetellsWhatTheRunCosts()
    {
        // Answers are as long as their record, prompts in truth have twice the tokens that the source estimates.
        var random = new Random(3);
        string input = string.Concat(Enumerable.Range(0, 2_000).Select(_ => new string('x', random.Next(10, 200)) + "\n"));
        ScriptedStage Stage() => new((text, _) => Task.FromResult(new Answer(text) { Usage = new Usage(2 * text.Length, text.Length, 0) }));
        var sampled = Stage();
        Estimate estimate = await EstimatorOf(Job(sampled, input, new FlowOptions()), exact: false)
            .RunAsync(100, TestContext.Current.CancellationToken);
        using var run = new PipeRun(Job(Stage(), input, new FlowOptions()), TimeProvider.System);
        await run.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal((100, 100), (estimate.Sampled, sampled.Asked.Count));
        Assert.Equal(run.Tally.PromptTokens, estimate.PromptTokens.Value, 1.0);
        Assert.InRange(run.Tally.CompletionTokens, estimate.AnswerTokens!.Value.Low, estimate.AnswerTokens.Value.High);
        Assert.InRange(Price.Of(new Usage((int)run.Tally.PromptTokens, (int)run.Tally.CompletionTokens, 0)),
            estimate.Cost!.Value.Low, estimate.Cost.Value.High);
        Assert.NotNull(estimate.Seconds);
    }

    [Fact]
    public async Task Run_Failures_AreToldAndTellNothing()
    {
        var stage = new ScriptedStage((_, _) => throw new AnswerException("no"));
        Estimate estimate = await EstimatorOf(Job(stage, "a\nb\nc\n", new FlowOptions()), exact: true)
            .RunAsync(3, TestContext.Current.CancellationToken);
        Assert.Equal((3, 3), (estimate.Sampled, estimate.SampleFailed));
        Assert.Null(estimate.AnswerTokens);
    }

    [Fact]
    public async Task Run_ARate_SaysHowLongAtLeast()
    {
        string input = string.Concat(Enumerable.Range(0, 100).Select(i => $"{i}\n"));
        var job = Job(new ScriptedBatchStage(new ScriptedStage()), input, new FlowOptions { RecordsPerCall = 5 });
        var estimator = new Estimator(job, prices: null, new RateConfig { RequestsPerMinute = 10 }, isExact: true, TimeProvider.System);
        Estimate estimate = await estimator.RunAsync(0, TestContext.Current.CancellationToken);
        Assert.Equal(20, estimate.Survey.Calls);
        Assert.Equal(60, estimate.Seconds!.Value.Value); // ten at once, the other ten over a minute
        Assert.Null(estimate.Cost);
    }

    private static Estimator EstimatorOf(PipeJob job, bool exact) => new(job, Price, new RateConfig(), exact, TimeProvider.System);

    private static PipeJob Job(IStage stage, string input, FlowOptions flow) => new()
    {
        Reader = new RecordSettings().Open(new MemoryStream(Encoding.UTF8.GetBytes(input))), Stage = stage, Flow = flow,
        Writer = new NothingWriter(), Sink = new StreamSink(Stream.Null, _ => true),
    };
}

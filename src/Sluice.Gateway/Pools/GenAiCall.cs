using System.Diagnostics;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>
/// One try as a span and as measurements. It ends exactly once; what ends it first decides. For one writer, but for its end.
/// </summary>
/// <param name="span">Null where the sampler left it out.</param>
/// <param name="parent">What the client, or the server's own span, says of the trace.</param>
internal sealed class GenAiCall(GenAiTelemetry telemetry, GenAiNames names, Activity? span, ActivityContext parent, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private List<string>? _finishes;
    private double? _first;
    private int _ended;

    /// <summary>What the source is told of the trace.</summary>
    public ActivityContext Trace => span?.Context ?? parent;

    /// <param name="first">Seconds since the request was sent, where this is the first event of a stream.</param>
    public void Observe(in CompletionEvent e, double? first)
    {
        _first ??= first;
        if (e.FinishReason is { } finish)
            (_finishes ??= []).Add(finish);
    }

    /// <param name="usage">Null where the source told none.</param>
    /// <param name="answering">From the first event of a stream to its last; null where it is none.</param>
    public void Succeed(Usage? usage, TimeSpan? answering)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        TagList tags = Tags();
        if (_first is { } first)
            telemetry.First.Record(first, tags);
        if (answering > TimeSpan.Zero && usage is { CompletionTokens: > 1 })
            telemetry.PerToken.Record(answering.Value.TotalSeconds / (usage.CompletionTokens - 1), tags);
        if (usage is not null)
            Tell(usage);
        if (_finishes is not null)
            span?.SetTag("gen_ai.response.finish_reasons", _finishes.ToArray());
        End(tags);
    }

    /// <param name="outcome">One of the words that the pool counts failures by.</param>
    public void Fail(string outcome)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        TagList tags = Tags();
        tags.Add("error.type", outcome);
        span?.SetTag("error.type", outcome);
        span?.SetStatus(ActivityStatusCode.Error);
        End(tags);
    }

    private void Tell(Usage usage)
    {
        span?.SetTag("gen_ai.usage.input_tokens", usage.PromptTokens);
        span?.SetTag("gen_ai.usage.output_tokens", usage.CompletionTokens);
        span?.SetTag("gen_ai.usage.cache_read.input_tokens", usage.CachedTokens);
        TagList input = Tags(), output = Tags();
        input.Add("gen_ai.token.type", "input");
        output.Add("gen_ai.token.type", "output");
        telemetry.Usage.Record(usage.PromptTokens, input);
        telemetry.Usage.Record(usage.CompletionTokens, output);
    }

    private void End(in TagList tags)
    {
        telemetry.Duration.Record(time.GetElapsedTime(_started).TotalSeconds, tags);
        if (span is null)
            return;
        Activity? ambient = Activity.Current;
        span.Stop();
        Activity.Current = ambient;
    }

    private TagList Tags()
    {
        var tags = default(TagList);
        foreach (KeyValuePair<string, object?> tag in names.Tags)
            tags.Add(tag);
        return tags;
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using Sluice.Gateway.Routing;

namespace Sluice.Gateway.Pools;

/// <summary>
/// The tries of requests by the names of OpenTelemetry's conventions for generative AI: a client span for each, and four histograms. For an
/// exporter to listen to; while none does, nothing is made.
/// </summary>
internal sealed class GenAiTelemetry : IDisposable
{
    /// <summary>Of the spans, and of the instruments.</summary>
    public const string Name = "Sluice.GenAi";

    // The bounds are those that the conventions ask for.
    private static readonly double[] Seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly double[] FirstSeconds =
        [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    private static readonly double[] TokenSeconds = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];
    private static readonly long[] Tokens =
        [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864];

    private readonly ActivitySource _spans = new(Name);
    private readonly Meter _meter = new(Name);

    public GenAiTelemetry()
    {
        Duration = _meter.CreateTimes("gen_ai.client.operation.duration", "Time that a request to a source took.", Seconds);
        First = _meter.CreateTimes("gen_ai.server.time_to_first_token", "Time to the first event of a stream.", FirstSeconds);
        PerToken = _meter.CreateTimes("gen_ai.server.time_per_output_token", "Mean time per token after the first.", TokenSeconds);
        Usage = _meter.CreateHistogram(
            "gen_ai.client.token.usage", "{token}", "Tokens of a request, by kind.", tags: null,
            new InstrumentAdvice<long> { HistogramBucketBoundaries = Tokens });
    }

    public Histogram<double> Duration { get; }

    public Histogram<double> First { get; }

    public Histogram<double> PerToken { get; }

    public Histogram<long> Usage { get; }

    /// <summary>One try begins.</summary>
    /// <param name="operation">Such as <c>chat</c>.</param>
    /// <returns>Null while nobody listens.</returns>
    public GenAiCall? Begin(Endpoint endpoint, string operation, RouteRequest request, TimeProvider time)
    {
        if (!_spans.HasListeners() && !Duration.Enabled)
            return null;
        var names = new GenAiNames(endpoint, operation);
        return new GenAiCall(this, names, Start(names, request), request.Context.Trace, time);
    }

    public void Dispose()
    {
        _spans.Dispose();
        _meter.Dispose();
    }

    private Activity? Start(GenAiNames names, RouteRequest request)
    {
        // Contexts are passed here, never ambient: what starting a span changes is put back.
        Activity? ambient = Activity.Current;
        Activity? span = _spans.StartActivity(
            $"{names.Operation} {names.Model}", ActivityKind.Client, request.Context.Trace, names.Tags);
        Activity.Current = ambient;
        if (span is { IsAllDataRequested: true } && request.MaxTokens is { } most)
            span.SetTag("gen_ai.request.max_tokens", most);
        return span;
    }
}

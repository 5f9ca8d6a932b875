using System.Diagnostics.Metrics;

namespace Sluice.Gateway.Pools;

/// <summary>The forms of instrument that gateway and server measure with, so that all series of a kind have the same buckets.</summary>
public static class Instruments
{
    /// <summary>Upper bounds in seconds for whole answers.</summary>
    public static readonly IReadOnlyList<double> AnswerSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

    /// <summary>Upper bounds in seconds for the wait for a first token.</summary>
    public static readonly IReadOnlyList<double> FirstSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    /// <summary>Upper bounds in seconds for the time between tokens.</summary>
    public static readonly IReadOnlyList<double> TokenSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

    /// <summary>A histogram of times.</summary>
    /// <param name="bounds">Upper bounds of the buckets, in seconds.</param>
    public static Histogram<double> CreateTimes(this Meter meter, string name, string help, IReadOnlyList<double> bounds) =>
        meter.CreateHistogram(name, "s", help, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });

    public static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}

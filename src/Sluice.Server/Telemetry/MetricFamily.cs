using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Sluice.Server.Telemetry;

/// <summary>All series of one instrument, under the name that Prometheus' conventions give it.</summary>
internal sealed class MetricFamily
{
    private readonly ConcurrentDictionary<LabelSet, MetricSeries> _series = new();
    private readonly bool _observed;

    public MetricFamily(Instrument instrument)
    {
        Kind = KindOf(instrument);
        Bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries?.ToArray();
        Debug.Assert(Kind != "histogram" || Bounds is not null, $"{instrument.Name} has no bounds");
        string unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        Name = instrument.Name.Replace('.', '_') + unit + (Kind == "counter" ? "_total" : "");
        Help = instrument.Description ?? "";
        _observed = instrument.IsObservable;
    }

    public string Name { get; }

    public string Help { get; }

    public string Kind { get; }

    /// <summary>Upper bounds of a histogram's buckets; null for other kinds.</summary>
    public double[]? Bounds { get; }

    public IEnumerable<KeyValuePair<LabelSet, MetricSeries>> Series => _series;

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        MetricSeries series = _series.GetOrAdd(LabelSet.Of(tags), static (_, bounds) => new MetricSeries(bounds), Bounds);
        if (_observed)
            series.Set(value);
        else if (Bounds is not null)
            series.Record(value);
        else
            series.Add(value);
    }

    /// <summary>Forgets what was observed, before it is observed anew: what is no longer there would be told for ever.</summary>
    public void BeginObservation()
    {
        if (_observed)
            _series.Clear();
    }

    private static string KindOf(Instrument instrument) => instrument switch
    {
        Counter<long> or Counter<double> or ObservableCounter<long> or ObservableCounter<double> => "counter",
        UpDownCounter<long> or UpDownCounter<double> or ObservableGauge<long> or ObservableGauge<double> => "gauge",
        Histogram<double> => "histogram",
        _ => throw new NotSupportedException(
            $"{instrument.Name}: a {instrument.GetType().Name} is not exported; counters, gauges and histograms of doubles are."),
    };
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Sluice.Server.Telemetry;

/// <summary>All series of one instrument, under the name that Prometheus' conventions give it.</summary>
internal sealed class MetricFamily
{
    private readonly ConcurrentDictionary<LabelSet, MetricSeries> _series = new();
    private readonly bool _observed;

    public MetricFamily(Instrument instrument, double[]? bounds)
    {
        bool counter = instrument is Counter<long> or ObservableCounter<double>;
        string unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        Name = instrument.Name.Replace('.', '_') + unit + (counter ? "_total" : "");
        Help = instrument.Description ?? "";
        Kind = bounds is not null ? "histogram" : counter ? "counter" : "gauge";
        Bounds = bounds;
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
}

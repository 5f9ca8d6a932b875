using System.Diagnostics.Metrics;

namespace Sluice.Server.Telemetry;

/// <summary>Collects what the server's meters measure and writes it as Prometheus text.</summary>
internal sealed class PrometheusExporter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<MetricFamily> _families = [];
    private readonly Lock _reading = new();

    /// <param name="meters">Whose instruments are exported; all of them have been made.</param>
    public PrometheusExporter(IReadOnlyCollection<Meter> meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!meters.Contains(instrument.Meter))
                return;
            var family = new MetricFamily(instrument);
            _families.Add(family);
            listener.EnableMeasurementEvents(instrument, family);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.Start();
    }

    public string Export()
    {
        lock (_reading)
        {
            foreach (MetricFamily family in _families)
                family.BeginObservation();
            _listener.RecordObservableInstruments();
            var text = new PrometheusText();
            foreach (MetricFamily family in _families)
                text.Append(family);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();
}

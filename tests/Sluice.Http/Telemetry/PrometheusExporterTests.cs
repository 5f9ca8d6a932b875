using System.Diagnostics.Metrics;
using Sluice.Server.Telemetry;

namespace Sluice.Http.Telemetry;

public sealed class PrometheusExporterTests
{
    /// <summary>What a reload took away must not be told for ever; what was counted stays.</summary>
    [Fact]
    public void Export_SeriesNoLongerObserved_IsGone()
    {
        string[] sources = ["a", "b"];
        using var meter = new Meter("test");
        meter.CreateObservableGauge("up", () => sources.Select(name => new Measurement<long>(1, new KeyValuePair<string, object?>("source", name))));
        Counter<long> asked = meter.CreateCounter<long>("asked");
        using var exporter = new PrometheusExporter([meter]);
        asked.Add(1, new KeyValuePair<string, object?>("source", "b"));
        Assert.Contains("up{source=\"b\"} 1", exporter.Export(), StringComparison.Ordinal);

        sources = ["a"];

        string text = exporter.Export();
        Assert.Contains("up{source=\"a\"} 1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("up{source=\"b\"}", text, StringComparison.Ordinal);
        Assert.Contains("asked_total{source=\"b\"} 1", text, StringComparison.Ordinal);
    }
}

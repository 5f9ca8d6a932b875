using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Sluice.Gateway.Configuration;

namespace Sluice.Server.Telemetry;

/// <summary>
/// Sends what server and gateway measure, and their spans, to a collector by OTLP. Nothing waits for it: spans that it does not take in
/// time are dropped, at most 2,048 wait. OpenTelemetry's own environment variables (headers, sampler, intervals, resource) hold.
/// </summary>
internal sealed class OtlpExport : IDisposable
{
    private static readonly string[] Names = [RequestSpans.Name, "Sluice.Gateway", "Sluice.GenAi"];

    private readonly OtlpFaults _faults;
    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    public OtlpExport(OtlpConfig config, ILogger<OtlpExport> log, TimeProvider time)
    {
        _faults = new OtlpFaults(config.Collector, log, time);
        ResourceBuilder resource = ResourceBuilder.CreateEmpty()
            .AddService("sluice", serviceVersion: typeof(OtlpExport).Assembly.GetName().Version?.ToString(3))
            .AddTelemetrySdk().AddEnvironmentVariableDetector();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Names)
            .AddOtlpExporter(exporter => Direct(exporter, config, "v1/traces")).Build();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Names)
            .AddOtlpExporter(exporter => Direct(exporter, config, "v1/metrics")).Build();
    }

    /// <summary>Sends what is left.</summary>
    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
        _faults.Dispose();
    }

    private static void Direct(OtlpExporterOptions exporter, OtlpConfig config, string path)
    {
        bool http = config.Form == OtlpForm.Http;
        exporter.Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = http ? new Uri($"{config.Collector.AbsoluteUri.TrimEnd('/')}/{path}") : config.Collector;
    }
}

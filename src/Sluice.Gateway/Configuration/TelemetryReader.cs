using System.Collections.Frozen;

namespace Sluice.Gateway.Configuration;

/// <summary>Reads what a file says of logs, metrics and traces.</summary>
internal static class TelemetryReader
{
    private const int HttpPort = 4318;

    private static readonly FrozenDictionary<string, LogForm> LogForms =
        new Dictionary<string, LogForm> { ["json"] = LogForm.Json, ["text"] = LogForm.Text }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, OtlpForm> OtlpForms =
        new Dictionary<string, OtlpForm> { ["grpc"] = OtlpForm.Grpc, ["http"] = OtlpForm.Http }.ToFrozenDictionary();

    /// <exception cref="ConfigException">It is not valid.</exception>
    public static TelemetryConfig Read(Section root)
    {
        if (root.FindSection("telemetry", ["log", "metrics", "otlp", "otlp_protocol"], ("audit", "the log says who asked for what"))
            is not { } telemetry)
        {
            return new TelemetryConfig();
        }
        return new TelemetryConfig(telemetry.FindChoice("log", LogForms), telemetry.FindFlag("metrics") ?? true, ReadOtlp(telemetry));
    }

    private static OtlpConfig? ReadOtlp(Section telemetry)
    {
        OtlpForm? form = telemetry.FindChoice("otlp_protocol", OtlpForms);
        if (telemetry.FindText("otlp") is not { } text)
            return form is null ? null : throw telemetry.Error("otlp_protocol", "it goes with 'otlp', the collector's address");
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? collector)
            || collector is not { Scheme: "http" or "https", Query: "", UserInfo: "" })
        {
            throw telemetry.Error("otlp", $"the collector's address, such as http://127.0.0.1:4317, not '{text}'");
        }
        return new OtlpConfig(collector, form ?? (collector.Port == HttpPort ? OtlpForm.Http : OtlpForm.Grpc));
    }
}

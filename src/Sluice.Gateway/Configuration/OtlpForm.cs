namespace Sluice.Gateway.Configuration;

/// <summary>How OTLP travels.</summary>
public enum OtlpForm
{
    /// <summary>gRPC, by custom on port 4317.</summary>
    Grpc,

    /// <summary>Protocol buffers over HTTP, by custom on port 4318.</summary>
    Http,
}

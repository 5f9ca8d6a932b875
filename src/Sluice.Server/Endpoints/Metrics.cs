using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Server.Telemetry;

namespace Sluice.Server.Endpoints;

/// <summary>GET /metrics: Prometheus text.</summary>
internal static class Metrics
{
    public static void Map(IEndpointRouteBuilder routes, PrometheusExporter exporter) => routes.MapGet("/metrics", http =>
    {
        http.Response.ContentType = PrometheusText.ContentType;
        return http.Response.WriteAsync(exporter.Export(), http.RequestAborted);
    });
}

using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sluice.Gateway.Configuration;

namespace Sluice.Http.Fakes;

/// <summary>A collector of OpenTelemetry's that takes traces and metrics, by HTTP or by gRPC.</summary>
internal sealed class FakeCollector : IAsyncDisposable
{
    private const int GrpcPrefixBytes = 5;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, ProtoMessage Message)> _taken = new();

    private FakeCollector(WebApplication app) => _app = app;

    /// <summary>Where to send to; ends with a path where HTTP is spoken, which must be kept.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>Every span: ExportTraceServiceRequest, ResourceSpans, ScopeSpans, Span.</summary>
    public IEnumerable<ProtoMessage> Spans => Sent("trace").SelectMany(message => message.At(1, 2, 2));

    /// <summary>Every metric: ExportMetricsServiceRequest, ResourceMetrics, ScopeMetrics, Metric.</summary>
    public IEnumerable<ProtoMessage> Metrics => Sent("metric").SelectMany(message => message.At(1, 2, 2));

    /// <summary>The attributes of every resource.</summary>
    public IEnumerable<(string Key, object Value)> Resources => Sent("trace").SelectMany(message => message.At(1, 1)).SelectMany(Attributes(1));

    public static async Task<FakeCollector> StartAsync(OtlpForm form)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(
            listen => listen.Protocols = form == OtlpForm.Grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var collector = new FakeCollector(builder.Build());
        collector._app.Run(collector.TakeAsync);
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        collector.Url = new Uri(collector._app.Urls.First() + (form == OtlpForm.Grpc ? "" : "/base"));
        return collector;
    }

    /// <summary>The attributes of a span (9), of a resource (1) or of a histogram's point (9), by their names.</summary>
    public static Func<ProtoMessage, IEnumerable<(string Key, object Value)>> Attributes(int field) =>
        owner => owner.All(field).Select(pair => (pair.Text(1), ValueOf(pair.All(2).Single())));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static object ValueOf(ProtoMessage value) => value.Has(1) ? value.Text(1)
        : value.Has(3) ? (long)value.Number(3)
        : string.Join(',', value.At(5, 1).Select(ValueOf));

    private IEnumerable<ProtoMessage> Sent(string what) =>
        _taken.Where(taken => taken.Path.Contains(what, StringComparison.OrdinalIgnoreCase)).Select(taken => taken.Message);

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        bool grpc = http.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;
        bool known = grpc || http.Request.Path.StartsWithSegments("/base/v1");
        if (!known)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        _taken.Enqueue((http.Request.Path, new ProtoMessage(body.ToArray().AsMemory(grpc ? GrpcPrefixBytes : 0))));
        http.Response.ContentType = grpc ? "application/grpc" : "application/x-protobuf";
        if (!grpc)
            return;
        await http.Response.Body.WriteAsync(new byte[GrpcPrefixBytes]); // an answer without fields
        http.Response.AppendTrailer("grpc-status", "0");
    }
}

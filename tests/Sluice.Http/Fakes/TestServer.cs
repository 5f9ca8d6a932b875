using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Logging;
using Sluice.Protocol.Sources;
using Sluice.Server;

namespace Sluice.Http.Fakes;

/// <summary>A real server on a free port of the loopback.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly SluiceServer _server;

    private TestServer(SluiceServer server, LogRecorder log)
    {
        _server = server;
        Log = log;
        Url = new Uri(server.Urls[0]);
        Client = new HttpClient { BaseAddress = Url };
    }

    public Uri Url { get; }

    public HttpClient Client { get; }

    public LogRecorder Log { get; }

    public static Task<TestServer> StartAsync(params ICompletionSource[] sources) => StartAsync(new ServerOptions(), sources);

    public static Task<TestServer> StartAsync(ServerOptions options, params ICompletionSource[] sources) =>
        StartAsync(options, Serving.Openly(new ModelDirectory(sources), TimeProvider.System));

    public static async Task<TestServer> StartAsync(ServerOptions options, Serving serving, params Meter[] meters)
    {
        var log = new LogRecorder();
        options = options with { Urls = ["http://127.0.0.1:0"] };
        var server = SluiceServer.Create(options, serving, meters, logging => logging.AddProvider(log));
        await server.StartAsync(TestContext.Current.CancellationToken);
        return new TestServer(server, log);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json, string contentType = "application/json") =>
        PostAsync(path, Encoding.UTF8.GetBytes(json), contentType);

    public Task<HttpResponseMessage> PostAsync(string path, byte[] body, string contentType = "application/json")
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return Client.PostAsync(path, content, TestContext.Current.CancellationToken);
    }

    public void Serve(Serving next) => _server.Serve(next);

    public Task StopAsync() => _server.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }
}

using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Sluice.Http.Fakes;
using Sluice.Http.Schemas;
using Sluice.Protocol.Sources;
using Sluice.Server;

namespace Sluice.Http.Lifetime;

public sealed class ShutdownTests
{
    private const string Path = "/v1/completions";
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Stop_RequestsFinishInTime_AllAreAnsweredWhole()
    {
        var running = new SemaphoreSlim(0);
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var source = new ScriptedSource { Script = (_, cancellation) => Held(running, finish.Task, cancellation) };
        await using TestServer server = await TestServer.StartAsync(source);
        Task<HttpResponseMessage> folded = server.PostAsync(Path, """{"model":"fake","prompt":"hi"}""");
        Task<HttpResponseMessage> streamed = server.PostAsync(Path, """{"model":"fake","prompt":"hi","stream":true}""");
        await WaitAsync(running, 2);

        Task stopping = server.StopAsync();
        await RefusesConnectionsAsync(server);
        finish.SetResult();

        Assert.Equal(HttpStatusCode.OK, (await folded.WaitAsync(Guard, TestContext.Current.CancellationToken)).StatusCode);
        string stream = await (await streamed).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("[DONE]", SseReader.Data(stream)[^1]);
        await stopping.WaitAsync(Guard, TestContext.Current.CancellationToken);
        Assert.Equal(0, source.Reservations);
    }

    [Fact]
    public async Task Stop_RequestsRunLonger_AreCutOffWithAnErrorTheyCanSee()
    {
        var running = new SemaphoreSlim(0);
        Task never = new TaskCompletionSource().Task;
        var source = new ScriptedSource { Script = (_, cancellation) => Held(running, never, cancellation) };
        var options = new ServerOptions { DrainTimeout = TimeSpan.FromMilliseconds(200) };
        await using TestServer server = await TestServer.StartAsync(options, source);
        Task<HttpResponseMessage> folded = server.PostAsync(Path, """{"model":"fake","prompt":"hi"}""");
        Task<HttpResponseMessage> streamed = server.PostAsync(Path, """{"model":"fake","prompt":"hi","stream":true}""");
        await WaitAsync(running, 2);

        await server.StopAsync().WaitAsync(Guard, TestContext.Current.CancellationToken);

        HttpResponseMessage refused = await folded;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        AssertShuttingDown(JsonElement.Parse(await refused.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
        string stream = await (await streamed).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        IReadOnlyList<string> data = SseReader.Data(stream);
        Assert.Contains("first", data[0], StringComparison.Ordinal);
        AssertShuttingDown(JsonElement.Parse(data[^1]));
        Assert.Equal(0, source.Reservations);
    }

    private static void AssertShuttingDown(JsonElement body)
    {
        ApiSchemas.Check("error", body);
        Assert.Equal("shutting_down", body.GetProperty("error").GetProperty("code").GetString());
    }

    private static async IAsyncEnumerable<CompletionEvent> Held(
        SemaphoreSlim running, Task until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return new CompletionEvent(0, "first");
        running.Release();
        await until.WaitAsync(cancellation);
        yield return new CompletionEvent(0, "", "stop", new Usage(1, 1, 0));
    }

    private static async Task WaitAsync(SemaphoreSlim running, int count)
    {
        for (int i = 0; i < count; i++)
            Assert.True(await running.WaitAsync(Guard, TestContext.Current.CancellationToken));
    }

    /// <summary>Stopping has begun once nobody listens any more.</summary>
    private static async Task RefusesConnectionsAsync(TestServer server)
    {
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Guard;)
        {
            try
            {
                using RawConnection probe = await RawConnection.OpenAsync(server.Url);
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
            catch (System.Net.Sockets.SocketException)
            {
                return;
            }
        }
        Assert.Fail("the server goes on listening");
    }
}

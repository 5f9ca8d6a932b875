namespace Sluice.Http.Fakes;

/// <summary>Reads the server's metrics as Prometheus would.</summary>
internal static class MetricsReader
{
    public static Task<string> ReadAsync(TestServer server) =>
        server.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

    /// <summary>A request is counted just after its last byte has gone out, so a test may be there first.</summary>
    public static async Task WaitForAsync(TestServer server, string line)
    {
        for (int attempt = 0; attempt < 500; attempt++)
        {
            if ((await ReadAsync(server)).Split('\n').Contains(line))
                return;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        Assert.Fail($"'{line}' never came; the metrics are:\n{await ReadAsync(server)}");
    }
}

using System.Text.RegularExpressions;
using Sluice.Tests.Cli;

namespace Sluice.Http.Clients;

/// <summary><c>sluice serve</c> on a free port, as a process of its own: what a client really meets.</summary>
internal sealed partial class ServeProcess : IDisposable
{
    private readonly CliProcess _process;

    private ServeProcess(CliProcess process, Uri url)
    {
        _process = process;
        Url = url;
    }

    public Uri Url { get; }

    /// <param name="more">Further arguments.</param>
    public static async Task<ServeProcess> StartAsync(params string[] more)
    {
        CliProcess process = CliProcess.Start(["serve", "--urls", "http://127.0.0.1:0", .. more]);
        string line = await process.ReadErrorLineAsync();
        Match address = Address().Match(line);
        Assert.True(address.Success, line);
        return new ServeProcess(process, new Uri(address.Value));
    }

    /// <summary>Sends SIGTERM and waits for the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await _process.SignalAsync("TERM");
        return await _process.WaitAsync();
    }

    public void Dispose() => _process.Dispose();

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}

using System.Diagnostics;
using Sluice.Tests.Cli;

namespace Sluice.Tests.Gateway.Managed;

/// <summary>A server to be managed: our own executable over the demo model, told from all others by the file it is started with.</summary>
internal sealed class ServerWatch : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-managed-").FullName;

    public ServerWatch() => File.WriteAllText(Child, """
        sources: [{ name: local, kind: engine, model: demo, kv: { memory: 32MB } }]
        pools: [{ name: demo, members: [{ source: local }] }]
        """);

    /// <summary>As a source's <c>command</c>.</summary>
    public string Command => $"[{CliProcess.Executable}, serve, -c, {Child}, --urls, 'http://127.0.0.1:{{port}}', -t, '1']";

    private string Child => Path.Combine(_folder, "child.yaml");

    /// <summary>Writes a configuration beside the server's own.</summary>
    public string Write(string text)
    {
        string file = Path.Combine(_folder, "parent.yaml");
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Process ids of the servers that run.</summary>
    public IReadOnlyList<int> Running() =>
        [.. Directory.EnumerateDirectories("/proc").Select(folder => Path.GetFileName(folder)).Where(IsServer).Select(int.Parse)];

    /// <summary>Waits until so many run.</summary>
    public async Task<IReadOnlyList<int>> WaitForAsync(int count)
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            IReadOnlyList<int> running = Running();
            if (running.Count == count)
                return running;
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, $"{running.Count} servers run where {count} should");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public static async Task SignalAsync(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private bool IsServer(string process)
    {
        try
        {
            string[] command = File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
            return command[0] == CliProcess.Executable && command.Contains(Child);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

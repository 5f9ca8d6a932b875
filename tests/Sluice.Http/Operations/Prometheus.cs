using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Sluice.Http.Operations;

/// <summary>A real Prometheus that runs with the shipped rules, as a process of its own.</summary>
internal sealed class Prometheus : IDisposable
{
    private readonly Process _process;
    private readonly string _folder;
    private readonly HttpClient _client;

    private Prometheus(Process process, string folder, int port)
    {
        (_process, _folder) = (process, folder);
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/") };
    }

    /// <summary>The shipped configuration, but for whom it asks and how often.</summary>
    /// <param name="target">Host and port of the server that it watches.</param>
    public static Prometheus Start(string target)
    {
        string program = Require("prometheus");
        string folder = Directory.CreateTempSubdirectory("sluice-prometheus-").FullName;
        string config = File.ReadAllText(Path.Combine(OpsFolder, "prometheus.yml"))
            .Replace("127.0.0.1:8080", target, StringComparison.Ordinal)
            .Replace("15s", "1s", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "prometheus.yml"), config);
        File.Copy(Path.Combine(OpsFolder, "sluice.rules.yml"), Path.Combine(folder, "sluice.rules.yml"));
        int port = FreePort();
        var start = new ProcessStartInfo(
            program, [$"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/data", $"--web.listen-address=127.0.0.1:{port}"])
        {
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { }; // emptied, or it would stop at a full pipe
        process.BeginErrorReadLine();
        return new Prometheus(process, folder, port);
    }

    public static string OpsFolder => Path.Combine(RepositoryRoot, "ops", "prometheus");

    public static string DashboardFile => Path.Combine(RepositoryRoot, "ops", "grafana", "sluice.json");

    /// <summary>Runs promtool to its end in the shipped folder.</summary>
    public static async Task<(int Code, string Output)> CheckAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Require("promtool"), arguments)
        {
            WorkingDirectory = OpsFolder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }

    /// <summary>What its API says; what it has no answer for yet is asked again for a minute.</summary>
    /// <param name="enough">Whether the answer's data is what was waited for.</param>
    public async Task<JsonElement> AskAsync(string path, Func<JsonElement, bool> enough)
    {
        string last = "";
        for (int attempt = 0; attempt < 300; attempt++)
        {
            try
            {
                using HttpResponseMessage response = await _client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
                last = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                if (response.IsSuccessStatusCode && JsonElement.Parse(last).GetProperty("data") is var data && enough(data))
                    return data;
            }
            catch (HttpRequestException)
            {
                // it is starting
            }
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException($"Prometheus never answered {path} as it should: {last}");
    }

    public Task<JsonElement> QueryAsync(string expression, Func<JsonElement, bool> enough) =>
        AskAsync($"query?query={Uri.EscapeDataString(expression)}", enough);

    public void Dispose()
    {
        _client.Dispose();
        _process.Kill();
        _process.WaitForExit(TimeSpan.FromSeconds(10));
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string RepositoryRoot
    {
        get
        {
            string folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Sluice.slnx")))
                folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("not inside a checkout");
            return folder;
        }
    }

    private static string Require(string name)
    {
        string? own = Environment.GetEnvironmentVariable("SLUICE_PROMETHEUS");
        string[] folders = [.. own is null ? Array.Empty<string>() : [own], .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/bin"];
        string? program = folders.Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, $"{name} is not here: install Debian's package prometheus, or name its folder in SLUICE_PROMETHEUS");
        return program;
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

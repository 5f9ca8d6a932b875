using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Bench.Relay;

/// <summary>A process to be measured, or needed by one that is.</summary>
internal sealed class Subject : IDisposable
{
    /// <summary>What clients send; the server's file has its hash.</summary>
    public const string Key = "sk-bench";

    private static readonly string[] NginxPlaces = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"];

    private readonly Process _process;

    private Subject(string name, Process process, int port) => (Name, _process, Port) = (name, process, port);

    /// <summary>What the table calls it.</summary>
    public string Name { get; }

    public int Port { get; }

    /// <summary>Headers that it needs beside those of every request, each with its line end.</summary>
    public string Headers { get; private init; } = "";

    /// <summary>Processor time that it has used so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Most memory that it has held, in MB.</summary>
    public long PeakMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64 >> 20;
        }
    }

    public static Task<Subject> UpstreamAsync() =>
        StartAsync("direct", FreePort(), port => (Environment.ProcessPath!, [.. Self(), "upstream", $"{port}"]));

    public static Task<Subject> BareAsync(int upstream) =>
        StartAsync("bare relay", FreePort(), port => (Environment.ProcessPath!, [.. Self(), "relay", $"{port}", $"{upstream}"]));

    /// <summary>With everything on that costs something: a key, limits, metrics, a line of JSON for each answer.</summary>
    public static Task<Subject> SluiceAsync(string name, string program, int upstream, string folder) => StartAsync(name, FreePort(), port =>
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)));
        string file = Path.Combine(folder, $"sluice-{port}.yaml");
        File.WriteAllText(file, $$"""
            server: { urls: [http://127.0.0.1:{{port}}] }
            sources:
              - { name: canned, kind: openai, url: http://127.0.0.1:{{upstream}}/v1, models: { m: upstream-model } }
            pools:
              - { name: chat, policy: least-connections, members: [{ source: canned, model: m }] }
            keys:
              - { name: bench, hash: "sha256:{{hash}}", limits: { requests_per_minute: 100000000, tokens_per_minute: 1000000000000, concurrency: 100000 } }
            limits: { requests_per_second: 1000000, queue: { length: 10000, wait: 10s } }
            telemetry: { log: json, metrics: true }
            """);
        // Its log goes to a file, as that of nginx does: read by nobody who would need a core for it.
        return ("/bin/sh", ["-c", $"exec '{program}' serve -c '{file}' 2>'{file}.log'"]);
    });

    /// <summary>Null where there is no nginx.</summary>
    public static async Task<Subject?> NginxAsync(int upstream, string folder)
    {
        string? nginx = NginxPlaces.FirstOrDefault(File.Exists);
        return nginx is null ? null : await StartAsync("nginx", FreePort(), port =>
        {
            string file = Path.Combine(folder, "nginx.conf");
            File.WriteAllText(file, $$"""
                daemon off; master_process off; pid {{folder}}/nginx.pid; error_log /dev/null;
                events { worker_connections 20000; }
                http {
                  access_log {{folder}}/access.log;
                  client_body_temp_path {{folder}}; proxy_temp_path {{folder}}; client_max_body_size 20m; client_body_buffer_size 1m;
                  keepalive_requests 100000000;
                  upstream up { server 127.0.0.1:{{upstream}}; keepalive 256; keepalive_requests 100000000; }
                  server { listen 127.0.0.1:{{port}}; location / { proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; } }
                }
                """);
            return (nginx, ["-c", file, "-p", folder]);
        });
    }

    /// <param name="installed">The folder in which npm installed it; null where it was not.</param>
    public static async Task<Subject?> PortkeyAsync(int upstream, string? installed)
    {
        if (installed is null)
            return null;
        string script = Path.Combine(installed, "node_modules/@portkey-ai/gateway/build/start-server.js");
        Subject started = await StartAsync("portkey", FreePort(), port => ("node", [script, "--headless", $"--port={port}"]));
        return new Subject(started.Name, started._process, started.Port)
        {
            Headers = $"x-portkey-provider: openai\r\nx-portkey-custom-host: http://127.0.0.1:{upstream}/v1\r\n",
        };
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task<Subject> StartAsync(string name, int port, Func<int, (string Program, string[] Arguments)> command)
    {
        (string program, string[] arguments) = command(port);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        Process process = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' does not start.");
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => Note(line.Data); // also empties the pipes, or the process would stop at a full one
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        for (int attempt = 0; attempt < 300 && !process.HasExited; attempt++)
        {
            if (await IsListeningAsync(port))
                return new Subject(name, process, port);
            await Task.Delay(100);
        }
        throw new TimeoutException($"'{program}' does not listen on port {port}: {errors}");

        void Note(string? line)
        {
            if (errors.Length < 2000)
                errors.AppendLine(line);
        }
    }

    private static string[] Self() => Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? [typeof(Subject).Assembly.Location] : [];

    private static async Task<bool> IsListeningAsync(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

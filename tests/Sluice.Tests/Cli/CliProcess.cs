using System.Diagnostics;
using System.Text;

namespace Sluice.Tests.Cli;

/// <summary>The built executable as a process of its own.</summary>
internal sealed class CliProcess : IDisposable
{
    /// <summary>Far above what anything here takes; a hang fails instead of blocking the run.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The same for a single line.</summary>
    private static readonly TimeSpan LinePatience = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private CliProcess(Process process) => _process = process;

    public static string Executable { get; } = Path.Combine(
        AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "sluice.exe" : "sluice");

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public StreamReader Output => _process.StandardOutput;

    /// <summary>Starts it and leaves its output to be read as it comes; standard input stays open.</summary>
    public static CliProcess Start(params string[] args) => StartIn(null, args);

    /// <summary>Starts it with another home folder; null leaves the one there is.</summary>
    public static CliProcess StartIn(string? home, params string[] args)
    {
        var start = new ProcessStartInfo(Executable, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        if (home is not null)
            start.Environment["HOME"] = home;
        return new CliProcess(Process.Start(start)!);
    }

    public static Task<CliResult> RunAsync(params string[] args) => RunWithInputAsync("", args);

    public static async Task<CliResult> RunWithInputAsync(string input, params string[] args)
    {
        using var process = Start(args);
        try
        {
            await process._process.StandardInput.WriteAsync(input);
            process._process.StandardInput.Close();
        }
        catch (IOException) when (process._process.WaitForExit(Patience))
        {
            // It ended without reading its input, as after a wrong flag; its exit code and its words tell the test why.
        }
        Task<string> error = process.ErrorAsync();
        string output = await process.OutputAsync();
        return new CliResult(await process.WaitAsync(), output, await error);
    }

    public async Task<int> WaitAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>The next line on standard error, empty at its end.</summary>
    /// <exception cref="TimeoutException">None came in a minute.</exception>
    public async Task<string> ReadErrorLineAsync() =>
        await WithinAsync(LinePatience, "line on standard error", token => _process.StandardError.ReadLineAsync(token).AsTask()) ?? "";

    /// <summary>All of standard output that was not read yet.</summary>
    /// <exception cref="TimeoutException">It did not end in two minutes.</exception>
    public Task<string> OutputAsync() => WithinAsync(Patience, "end of standard output", Output.ReadToEndAsync);

    /// <summary>All of standard error that was not read yet.</summary>
    /// <exception cref="TimeoutException">It did not end in two minutes.</exception>
    public Task<string> ErrorAsync() => WithinAsync(Patience, "end of standard error", _process.StandardError.ReadToEndAsync);

    /// <summary>Writes all of standard input and ends it; what the process does not take is dropped.</summary>
    public async Task WriteInputAsync(ReadOnlyMemory<byte> input)
    {
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync(input, TestContext.Current.CancellationToken);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read everything.
        }
    }

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a signal by its name, such as INT.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    /// <summary>Reads no longer than that: a pipe's read may not heed its token, so it is left behind, and ends with the process.</summary>
    private static async Task<T> WithinAsync<T>(TimeSpan patience, string wanted, Func<CancellationToken, Task<T>> read)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        try
        {
            return await read(cancellation).WaitAsync(patience, cancellation);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"the process gave no {wanted} in {patience.TotalSeconds} s", e);
        }
    }
}

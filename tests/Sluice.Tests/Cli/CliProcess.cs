using System.Diagnostics;
using System.Text;

namespace Sluice.Tests.Cli;

/// <summary>The built executable as a process of its own.</summary>
internal sealed class CliProcess : IDisposable
{
    /// <summary>Far above what anything here takes; a hang fails instead of blocking the run.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private CliProcess(Process process) => _process = process;

    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "sluice.exe" : "sluice");

    public int Id => _process.Id;

    public StreamReader Output => _process.StandardOutput;

    /// <summary>Starts it and leaves its output to be read as it comes; standard input stays open.</summary>
    public static CliProcess Start(params string[] args)
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
        return new CliProcess(Process.Start(start)!);
    }

    public static Task<CliResult> RunAsync(params string[] args) => RunWithInputAsync("", args);

    public static async Task<CliResult> RunWithInputAsync(string input, params string[] args)
    {
        using var process = Start(args);
        await process._process.StandardInput.WriteAsync(input);
        process._process.StandardInput.Close();
        Task<string> error = process.ErrorAsync();
        string output = await process.Output.ReadToEndAsync(TestContext.Current.CancellationToken);
        return new CliResult(await process.WaitAsync(), output, await error);
    }

    public async Task<int> WaitAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>The first line on standard error; the rest is not read then.</summary>
    public async Task<string> ReadErrorLineAsync() => await _process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";

    public Task<string> ErrorAsync() => _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

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
}

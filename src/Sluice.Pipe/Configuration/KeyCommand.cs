using System.ComponentModel;
using System.Diagnostics;

namespace Sluice.Pipe.Configuration;

/// <summary>Runs the command that prints an API key.</summary>
public static class KeyCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <exception cref="PipeException">The command failed, took more than a minute or printed nothing.</exception>
    public static async Task<string> RunAsync(string command, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            using Process process = Start(command);
            string key = (await process.StandardOutput.ReadToEndAsync(patience.Token).ConfigureAwait(false)).Trim();
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            if (process.ExitCode != 0)
                throw Fault($"failed with code {process.ExitCode}");
            return key.Length > 0 ? key : throw Fault("printed an empty key");
        }
        catch (Win32Exception e)
        {
            throw new PipeException(PipeFault.Usage, $"api_key_command could not be run: {e.Message}", e);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Fault($"took more than {Patience.TotalSeconds} s");
        }
    }

    private static Process Start(string command)
    {
        string[] shell = OperatingSystem.IsWindows() ? ["cmd", "/c"] : ["/bin/sh", "-c"];
        // Its standard input is not ours: the records are on that.
        var start = new ProcessStartInfo(shell[0], [shell[1], command]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    private static PipeException Fault(string what) => new(PipeFault.Usage, $"the configuration's api_key_command {what}");
}

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Sluice.Gateway.Managed;

/// <summary>
/// A server that runs as a child of ours, and no longer than we do: a shell between us and it holds the other end of a pipe. Once that
/// closes, because we stop the server or because we are gone ourselves, however that came about, it tells the server to end and kills it
/// where it does not. A session of its own keeps the terminal's Ctrl-C from it while we still answer.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Shell = "/bin/sh";
    private const int MostWordsChars = 200;

    // $1: seconds between telling and killing; then the command. The first background line is the server, the second is its watch.
    private const string Watch = """
        exec 3<&0 2>&1
        trap : INT TERM
        grace=$1; shift
        session=; command -v setsid >/dev/null && session=setsid
        $session "$@" </dev/null 3<&- & server=$!
        tell() { kill "-$1" "-$server" 2>/dev/null || kill "-$1" "$server" 2>/dev/null; }
        (cat <&3 >/dev/null; tell TERM; sleep "$grace"; tell KILL) >/dev/null 2>&1 & watch=$!
        exec 3<&-
        while wait "$server"; code=$?; [ "$code" -gt 128 ] && kill -0 "$server" 2>/dev/null; do :; done
        kill "$watch" 2>/dev/null
        exit "$code"
        """;

    // The watch kills after the grace; a moment later it is our turn.
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastWordsWait = TimeSpan.FromMilliseconds(200);

    private readonly Process _process;
    private readonly TimeSpan _grace;
    private readonly StringBuilder _words = new();
    private readonly Task _listening;

    private ServerProcess(Process process, TimeSpan grace)
    {
        (_process, _grace) = (process, grace);
        _listening = ListenAsync(process.StandardOutput);
        Ended = WaitAsync();
    }

    /// <summary>Completes when the server has ended, with its exit code; 128 and the signal's number where one ended it.</summary>
    public Task<int> Ended { get; }

    /// <summary>Whether a server can be started on this system at all.</summary>
    public static bool IsSupported => File.Exists(Shell);

    /// <param name="grace">How long the server may take to end once it was told to.</param>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static ServerProcess Start(IEnumerable<string> command, TimeSpan grace)
    {
        string seconds = Math.Ceiling(grace.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(Shell, ["-c", Watch, "sluice-watch", seconds, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new ServerProcess(Process.Start(start)!, grace);
    }

    /// <summary>The end of what the server wrote, as one short line; empty where it wrote nothing.</summary>
    public async Task<string> LastWordsAsync()
    {
        await Task.WhenAny(_listening, Task.Delay(LastWordsWait)).ConfigureAwait(false); // who it started may hold the pipe
        string text;
        lock (_words)
            text = _words.ToString();
        string line = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault("");
        string plain = string.Concat(line.Where(c => !char.IsControl(c)));
        return plain.Length <= MostWordsChars ? plain : string.Concat("…", plain.AsSpan(plain.Length - MostWordsChars));
    }

    /// <summary>Ends it where it still runs, and waits for that.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await Ended.WaitAsync(_grace + Reserve).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await Ended.ConfigureAwait(false);
        }
        _process.Dispose();
        await _listening.WaitAsync(LastWordsWait).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        return _process.ExitCode;
    }

    /// <summary>Reads all that it writes, so that it never waits for a reader, and keeps the end.</summary>
    private async Task ListenAsync(StreamReader output)
    {
        const int mostKept = 4 * MostWordsChars;
        var read = new char[1024];
        try
        {
            while (await output.ReadAsync(read).ConfigureAwait(false) is var count and > 0)
            {
                lock (_words)
                {
                    _words.Append(read, 0, count);
                    if (_words.Length > mostKept)
                        _words.Remove(0, _words.Length - mostKept);
                }
            }
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // It was closed from this side: the server is over.
        }
    }
}

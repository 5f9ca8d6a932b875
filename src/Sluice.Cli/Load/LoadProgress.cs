using Sluice.Cli.Streams;

namespace Sluice.Cli.Load;

/// <summary>Says on the error stream how far a run is: one line that changes where that is a terminal, else a line now and then.</summary>
internal sealed class LoadProgress : IDisposable
{
    private static readonly TimeSpan AtATerminal = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(10);

    private readonly Terminal _terminal;
    private readonly LoadRun _run;
    private readonly TimeSpan _duration;
    private readonly ITimer _timer;

    public LoadProgress(Terminal terminal, LoadRun run, TimeSpan duration)
    {
        _terminal = terminal;
        _run = run;
        _duration = duration;
        TimeSpan period = terminal.ErrorIsTerminal ? AtATerminal : Elsewhere;
        _timer = TimeProvider.System.CreateTimer(_ => Tell(), null, period, period);
    }

    public void Dispose()
    {
        _timer.Dispose();
        if (_terminal.ErrorIsTerminal)
            _terminal.Error.Write("\r\e[K");
    }

    private void Tell()
    {
        var (started, ended) = _run.Counts;
        TimeSpan now = _run.Clock.Now;
        string when =
            now < _duration ? $"{now.TotalSeconds:0} of {_duration.TotalSeconds:0} s" : $"{now.TotalSeconds:0} s, waiting for the last";
        string line = $"sluice: {when}: {started} requests sent, {started - ended} running";
        _terminal.Error.Write(_terminal.ErrorIsTerminal ? $"\r\e[K{line}" : line + "\n");
    }
}

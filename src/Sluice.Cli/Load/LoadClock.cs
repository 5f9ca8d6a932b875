using System.Diagnostics;

namespace Sluice.Cli.Load;

/// <summary>Time since a run began.</summary>
internal sealed class LoadClock
{
    private readonly long _began = Stopwatch.GetTimestamp();

    public TimeSpan Now => Stopwatch.GetElapsedTime(_began);
}

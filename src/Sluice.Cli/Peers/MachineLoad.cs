using System.Globalization;

namespace Sluice.Cli.Peers;

/// <summary>How busy the whole machine is, whoever keeps it busy.</summary>
internal static class MachineLoad
{
    /// <summary>With fewer processors busy than this nothing else runs that would matter.</summary>
    public const double Quiet = 0.1;

    private const string Source = "/proc/stat";
    private const int Idle = 3, WaitingForDisk = 4, Steal = 7;

    /// <summary>Long enough to notice what comes once in a few seconds. The system's load average looks back over a minute, and so at our own last run.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    /// <summary>Processors that were busy on average while this looked; null where the system does not say.</summary>
    public static async Task<double?> MeasureAsync(CancellationToken cancellation)
    {
        if (!File.Exists(Source))
            return null;
        string before = File.ReadLines(Source).First();
        await Task.Delay(Window, cancellation);
        return BusyBetween(before, File.ReadLines(Source).First(), Environment.ProcessorCount);
    }

    /// <summary>Waits until the machine is quiet, at most about so long.</summary>
    /// <returns>The load at the end of it.</returns>
    public static async Task<double?> AwaitQuietAsync(TimeSpan most, CancellationToken cancellation)
    {
        double? load = await MeasureAsync(cancellation);
        for (TimeSpan waited = Window; waited < most && load >= Quiet; waited += Window)
            load = await MeasureAsync(cancellation);
        return load;
    }

    /// <param name="before">The first line of /proc/stat: "cpu", then what all processors together spent in each state.</param>
    /// <param name="after">The same later.</param>
    internal static double BusyBetween(string before, string after, int processors)
    {
        long[] from = Times(before), to = Times(after);
        long[] spent = [.. to.Zip(from, (later, earlier) => later - earlier)];
        long all = spent.Sum();
        return all == 0 ? 0 : (double)processors * (all - spent[Idle] - spent[WaitingForDisk]) / all;
    }

    /// <summary>The states up to <see cref="Steal"/>; those behind it are counted among them already.</summary>
    private static long[] Times(string line) =>
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(Steal + 1).Select(time => long.Parse(time, CultureInfo.InvariantCulture))];
}

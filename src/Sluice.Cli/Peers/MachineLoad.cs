using System.Globalization;

namespace Sluice.Cli.Peers;

/// <summary>How busy the whole machine is, whoever keeps it busy.</summary>
internal static class MachineLoad
{
    /// <summary>Below this load average nothing else runs that would matter.</summary>
    public const double Quiet = 0.5;

    private const string Source = "/proc/loadavg";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Threads that ran or wanted to, averaged over about a minute; null where the system does not say.</summary>
    public static double? Average() => File.Exists(Source)
        ? double.Parse(File.ReadAllText(Source).Split(' ')[0], CultureInfo.InvariantCulture)
        : null;

    /// <summary>Waits until the machine is quiet, at most so long.</summary>
    /// <returns>The load at the end of it.</returns>
    public static async Task<double?> AwaitQuietAsync(TimeSpan most, CancellationToken cancellation)
    {
        for (TimeSpan waited = TimeSpan.Zero; waited < most && Average() >= Quiet; waited += Interval)
            await Task.Delay(Interval, cancellation);
        return Average();
    }
}

using System.Globalization;
using Sluice.Cli.Bench;
using Sluice.Cli.Streams;
using Sluice.Core.Errors;

namespace Sluice.Cli.Peers;

/// <summary>
/// The peer and we in turn, so that a ratio compares the same minutes of a machine that may be shared. While the peer runs, our model stays open but nothing of it
/// runs.
/// </summary>
/// <param name="patience">The longest wait for a quiet machine before each pair.</param>
internal sealed class PeerComparison(Terminal terminal, PeerCommand peer, SpeedBench ours, int pairs, TimeSpan patience)
{
    /// <exception cref="SluiceException">The peer failed, or measured nothing that we did.</exception>
    public async Task<IReadOnlyList<PeerPair>> RunAsync(CancellationToken cancellation)
    {
        var done = new List<PeerPair>();
        for (int i = 1; i <= pairs; i++)
        {
            double? load = await AwaitQuietAsync(cancellation);
            terminal.Say($"pair {i} of {pairs}, processors busy before it: {load?.ToString("0.00", CultureInfo.InvariantCulture) ?? "unknown"}");
            PeerSpeed theirs = await Progress.ShowAsync(terminal, "the peer", () => peer.RunAsync(cancellation));
            done.Add(new PeerPair(load, theirs, await ours.MeasureSpeedAsync(cancellation)));
            if (PeerRatio.Of(done).Count == 0)
            {
                throw new SluiceException($"--peer measured {string.Join(", ", theirs.Figures.Keys)}, "
                    + $"of which this run measures none ({string.Join(", ", done[^1].Ours.Figures.Keys)}): give both the same -b");
            }
            terminal.Say($"pair {i}: {Figures(done[^1])}"); // so that an interrupted run has told something
        }
        return done;
    }

    private static string Figures(PeerPair pair) => string.Join(", ", pair.Peer.Figures
        .Where(theirs => pair.Ours.Figures.ContainsKey(theirs.Key))
        .Select(theirs => FormattableString.Invariant(
            $"{theirs.Key} {pair.Ours.Figures[theirs.Key]:0.0} to {theirs.Value:0.0} ({pair.Ours.Figures[theirs.Key] / theirs.Value:0.00})")));

    private async Task<double?> AwaitQuietAsync(CancellationToken cancellation)
    {
        double? load = await MachineLoad.MeasureAsync(cancellation);
        if (load is null or < MachineLoad.Quiet || patience == TimeSpan.Zero)
            return load;
        terminal.Say(FormattableString.Invariant(
            $"{load:0.00} processors busy: waiting up to {patience.TotalSeconds:0} s for less than {MachineLoad.Quiet}; a pair that starts above it does not count"));
        return await MachineLoad.AwaitQuietAsync(patience, cancellation);
    }
}

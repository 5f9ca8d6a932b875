namespace Sluice.Cli.Peers;

/// <summary>How often as fast as the peer we were in one figure.</summary>
/// <param name="Figure">Its name in reports.</param>
/// <param name="Ratios">One per pair, in order; null where the pair does not count.</param>
/// <param name="Median">Of those that count; null where none does.</param>
internal sealed record PeerRatio(string Figure, IReadOnlyList<double?> Ratios, double? Median)
{
    /// <summary>A pair does not count where the peer was held up: it reached less than this of its best in the same run.</summary>
    public const double LeastOfBest = 0.8;

    public int Counted => Ratios.Count(ratio => ratio is not null);

    /// <summary>One for each figure that both sides measured.</summary>
    public static IReadOnlyList<PeerRatio> Of(IReadOnlyList<PeerPair> pairs) =>
        [.. pairs[0].Peer.Figures.Keys.Where(figure => pairs.All(pair => pair.Peer.Figures.ContainsKey(figure) && pair.Ours.Figures.ContainsKey(figure)))
            .Select(figure => Of(figure, pairs))];

    private static PeerRatio Of(string figure, IReadOnlyList<PeerPair> pairs)
    {
        double best = pairs.Max(pair => pair.Peer.Figures[figure]);
        double?[] ratios = [.. pairs.Select(pair => pair.WasQuiet && pair.Peer.Figures[figure] >= LeastOfBest * best
            ? pair.Ours.Figures[figure] / pair.Peer.Figures[figure]
            : (double?)null)];
        double[] counted = [.. ratios.OfType<double>()];
        return new PeerRatio(figure, ratios, counted.Length == 0 ? null : Medians.Of(counted));
    }
}

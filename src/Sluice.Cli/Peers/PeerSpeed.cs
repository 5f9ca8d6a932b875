namespace Sluice.Cli.Peers;

/// <summary>How fast one engine was, in tokens per second; null or absent where it was not measured.</summary>
/// <param name="BatchedTps">Over all sequences, by how many step together.</param>
internal sealed record PeerSpeed(double? PrefillTps, double? DecodeTps, IReadOnlyDictionary<int, double> BatchedTps)
{
    /// <summary>Each figure by its name in reports.</summary>
    public IReadOnlyDictionary<string, double> Figures
    {
        get
        {
            var figures = new Dictionary<string, double>();
            if (PrefillTps is { } prefill)
                figures["prefill"] = prefill;
            if (DecodeTps is { } decode)
                figures["decode"] = decode;
            foreach (var (sequences, tps) in BatchedTps)
                figures[$"{sequences} at once"] = tps;
            return figures;
        }
    }
}

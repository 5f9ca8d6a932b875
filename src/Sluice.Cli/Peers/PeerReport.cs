using System.Text.Json;

namespace Sluice.Cli.Peers;

/// <summary>Two engines side by side, pair by pair.</summary>
internal sealed record PeerReport(string Model, string Device, string Command, IReadOnlyList<PeerPair> Pairs)
{
    private readonly IReadOnlyList<PeerRatio> _ratios = PeerRatio.Of(Pairs);

    public IEnumerable<string> Lines()
    {
        yield return FormattableString.Invariant($"{Model} on {Device} beside {Command}; tokens/s");
        foreach (PeerRatio ratio in _ratios)
        {
            yield return "";
            yield return $"{ratio.Figure,-12} {"busy",6} {"peer",9} {"sluice",9} {"ratio",7}";
            for (int i = 0; i < Pairs.Count; i++)
            {
                var pair = Pairs[i];
                string verdict = ratio.Ratios[i] is { } counted ? FormattableString.Invariant($"{counted,7:0.00}")
                    : pair.WasQuiet ? "      - the peer was held up" : "      - the machine was busy";
                yield return FormattableString.Invariant(
                    $"  pair {i + 1,-5} {pair.Load,6:0.00} {pair.Peer.Figures[ratio.Figure],9:0.0} {pair.Ours.Figures[ratio.Figure],9:0.0} {verdict}");
            }
            yield return ratio.Median is { } median
                ? FormattableString.Invariant($"  median ratio {median:0.00}, {ratio.Counted} of {Pairs.Count} pairs counted")
                : $"  no ratio: none of {Pairs.Count} pairs counted";
        }
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("model", Model);
        writer.WriteString("device", Device);
        writer.WriteString("peer", Command);
        writer.WriteNumber("pairs", Pairs.Count);
        writer.WriteStartObject("ratios");
        foreach (PeerRatio ratio in _ratios)
            WriteRatio(writer, ratio);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteRatio(Utf8JsonWriter writer, PeerRatio ratio)
    {
        writer.WriteStartObject(ratio.Figure);
        if (ratio.Median is { } median)
            writer.WriteNumber("median", Math.Round(median, 4));
        else
            writer.WriteNull("median");
        writer.WriteNumber("counted", ratio.Counted);
        writer.WriteNumber("discarded", Pairs.Count - ratio.Counted);
        writer.WriteStartArray("pairs");
        for (int i = 0; i < Pairs.Count; i++)
        {
            var pair = Pairs[i];
            writer.WriteStartObject();
            if (pair.Load is { } load)
                writer.WriteNumber("load", load);
            writer.WriteNumber("peer_tps", Math.Round(pair.Peer.Figures[ratio.Figure], 2));
            writer.WriteNumber("sluice_tps", Math.Round(pair.Ours.Figures[ratio.Figure], 2));
            writer.WriteNumber("ratio", Math.Round(pair.Ours.Figures[ratio.Figure] / pair.Peer.Figures[ratio.Figure], 4));
            writer.WriteBoolean("counted", ratio.Ratios[i] is not null);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}

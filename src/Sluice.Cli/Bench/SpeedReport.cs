using System.Text.Json;

namespace Sluice.Cli.Bench;

/// <summary>What a bench run found.</summary>
/// <param name="BytesPerToken">Weight bytes that one decoded token reads.</param>
/// <param name="BatchedTps">Tokens per second over all sequences, by how many step together.</param>
/// <param name="ReadGbps">What memory gives, measured in the same run.</param>
/// <param name="ResidentBytes">Of the process, with the model loaded.</param>
internal sealed record SpeedReport(
    string Model, string Device, int Threads, int PromptTokens, int DecodedTokens, int Runs, long WeightBytes, long BytesPerToken, double PrefillTps,
    double DecodeTps, IReadOnlyList<(int Sequences, double Tps)> BatchedTps, double ReadGbps, double LoadMs, long ResidentBytes)
{
    /// <summary>The part of the memory's read bandwidth that decoding one sequence reaches with its weights.</summary>
    public double BandwidthShare => DecodeTps * BytesPerToken / (ReadGbps * 1e9);

    public IEnumerable<string> Lines()
    {
        yield return FormattableString.Invariant($"{Model} on {Device}, weights {WeightBytes / 1e6:0.0} MB, loaded in {LoadMs:0} ms, resident {ResidentBytes / 1e6:0} MB");
        yield return FormattableString.Invariant($"prefill {PromptTokens,6} tokens  {PrefillTps,10:0.0} tokens/s");
        yield return FormattableString.Invariant($"decode  {DecodedTokens,6} tokens  {DecodeTps,10:0.0} tokens/s   {BandwidthShare:P0} of {ReadGbps:0.0} GB/s read bandwidth");
        foreach (var (sequences, tps) in BatchedTps)
            yield return FormattableString.Invariant($"decode  {sequences,6} at once {tps,10:0.0} tokens/s");
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("engine", "sluice");
        writer.WriteString("model", Model);
        writer.WriteString("device", Device);
        writer.WriteNumber("threads", Threads);
        writer.WriteNumber("prompt_tokens", PromptTokens);
        writer.WriteNumber("decoded_tokens", DecodedTokens);
        writer.WriteNumber("runs", Runs);
        writer.WriteNumber("prefill_tps", Math.Round(PrefillTps, 2));
        writer.WriteNumber("decode_tps", Math.Round(DecodeTps, 2));
        writer.WriteStartObject("batched_tps");
        foreach (var (sequences, tps) in BatchedTps)
            writer.WriteNumber($"{sequences}", Math.Round(tps, 2));
        writer.WriteEndObject();
        writer.WriteNumber("read_bandwidth_gbs", Math.Round(ReadGbps, 2));
        writer.WriteNumber("bandwidth_share", Math.Round(BandwidthShare, 4));
        writer.WriteNumber("bytes_per_token", BytesPerToken);
        writer.WriteNumber("weight_bytes", WeightBytes);
        writer.WriteNumber("load_ms", Math.Round(LoadMs, 1));
        writer.WriteNumber("resident_bytes", ResidentBytes);
        writer.WriteEndObject();
    }
}

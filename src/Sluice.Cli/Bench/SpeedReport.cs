using System.Text.Json;

namespace Sluice.Cli.Bench;

/// <summary>What a bench run found.</summary>
/// <param name="Decode">One sequence from a prompt of one token.</param>
/// <param name="DeepDecode">One sequence after each of the depths asked for.</param>
/// <param name="BatchedTps">Tokens per second over all sequences, by how many step together.</param>
/// <param name="ReadGbps">What memory gives, measured in the same run.</param>
/// <param name="ResidentBytes">Of the process, with the model loaded.</param>
internal sealed record SpeedReport(
    string Model, string Device, int Threads, string KvType, int PromptTokens, int DecodedTokens, int Runs, long WeightBytes, double PrefillTps,
    DecodeSpeed Decode, IReadOnlyList<DecodeSpeed> DeepDecode, IReadOnlyList<(int Sequences, double Tps)> BatchedTps, double ReadGbps, double LoadMs,
    long ResidentBytes)
{
    public IEnumerable<string> Lines()
    {
        yield return FormattableString.Invariant($"{Model} on {Device}, weights {WeightBytes / 1e6:0.0} MB, loaded in {LoadMs:0} ms, resident {ResidentBytes / 1e6:0} MB");
        yield return FormattableString.Invariant($"prefill {PromptTokens,6} tokens  {PrefillTps,10:0.0} tokens/s");
        yield return FormattableString.Invariant($"decode  {DecodedTokens,6} tokens  {Decode.Tps,10:0.0} tokens/s   {Share(Decode)}");
        foreach (DecodeSpeed deep in DeepDecode)
            yield return FormattableString.Invariant($"decode after {deep.Depth,8}  {deep.Tps,10:0.0} tokens/s   {Share(deep)}, {KvType} KV");
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
        writer.WriteString("kv", KvType);
        writer.WriteNumber("prompt_tokens", PromptTokens);
        writer.WriteNumber("decoded_tokens", DecodedTokens);
        writer.WriteNumber("runs", Runs);
        writer.WriteNumber("prefill_tps", Math.Round(PrefillTps, 2));
        WriteDecode(writer, Decode);
        writer.WriteStartArray("decode_at_depth");
        foreach (DecodeSpeed deep in DeepDecode)
        {
            writer.WriteStartObject();
            writer.WriteNumber("depth", deep.Depth);
            WriteDecode(writer, deep);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartObject("batched_tps");
        foreach (var (sequences, tps) in BatchedTps)
            writer.WriteNumber($"{sequences}", Math.Round(tps, 2));
        writer.WriteEndObject();
        writer.WriteNumber("read_bandwidth_gbs", Math.Round(ReadGbps, 2));
        writer.WriteNumber("weight_bytes", WeightBytes);
        writer.WriteNumber("load_ms", Math.Round(LoadMs, 1));
        writer.WriteNumber("resident_bytes", ResidentBytes);
        writer.WriteEndObject();
    }

    private string Share(DecodeSpeed speed) => FormattableString.Invariant(
        $"{speed.BytesPerToken / 1e6:0} MB each, {speed.ShareOf(ReadGbps):P0} of {ReadGbps:0.0} GB/s read bandwidth");

    private void WriteDecode(Utf8JsonWriter writer, DecodeSpeed speed)
    {
        writer.WriteNumber("decode_tps", Math.Round(speed.Tps, 2));
        writer.WriteNumber("bytes_per_token", speed.BytesPerToken);
        writer.WriteNumber("bandwidth_share", Math.Round(speed.ShareOf(ReadGbps), 4));
    }
}

using System.Text.Json;
using Sluice.Cpu;

namespace Sluice.Cli.Bench;

/// <summary>What a bench run found.</summary>
/// <param name="PrefillOperations">Multiplications and additions in the matrix products of the prompt.</param>
/// <param name="Peak">What the processor gives, measured in the same run; null where it cannot be told.</param>
/// <param name="Decode">One sequence from a prompt of one token.</param>
/// <param name="DeepDecode">One sequence after each of the depths asked for.</param>
/// <param name="BatchedTps">Tokens per second over all sequences, by how many step together.</param>
/// <param name="ResidentBytes">Of the process, with the model loaded.</param>
/// <param name="Profiles">One per phase, where asked for.</param>
internal sealed record SpeedReport(
    BenchSettings Settings, string Model, string Device, int Threads, long WeightBytes, double PrefillTps, long PrefillOperations, ArithmeticPeak? Peak,
    DecodeSpeed Decode, IReadOnlyList<DecodeSpeed> DeepDecode, IReadOnlyList<(int Sequences, double Tps)> BatchedTps, double LoadMs,
    long ResidentBytes, IReadOnlyList<PhaseProfile> Profiles)
{
    public IEnumerable<string> Lines()
    {
        yield return FormattableString.Invariant($"{Model} on {Device}, weights {WeightBytes / 1e6:0.0} MB, loaded in {LoadMs:0} ms, resident {ResidentBytes / 1e6:0} MB");
        yield return FormattableString.Invariant($"prefill {Settings.PromptTokens,6} tokens  {PrefillTps,10:0.0} tokens/s   {PrefillGops:0} GOP/s{ShareOfPeak}");
        yield return FormattableString.Invariant($"decode  {Settings.DecodedTokens,6} tokens  {Decode.Tps,10:0.0} tokens/s   {Share(Decode)}");
        foreach (DecodeSpeed deep in DeepDecode)
            yield return FormattableString.Invariant($"decode after {deep.Depth,8}  {deep.Tps,10:0.0} tokens/s   {Share(deep)}, {Settings.KvType} KV");
        foreach (var (sequences, tps) in BatchedTps)
            yield return FormattableString.Invariant($"decode  {sequences,6} at once {tps,10:0.0} tokens/s");
        foreach (string line in Profiles.SelectMany(profile => profile.Lines().Prepend("")))
            yield return line;
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("engine", "sluice");
        writer.WriteString("model", Model);
        writer.WriteString("device", Device);
        writer.WriteNumber("threads", Threads);
        writer.WriteString("kv", Settings.KvType.ToString());
        writer.WriteNumber("prompt_tokens", Settings.PromptTokens);
        writer.WriteNumber("decoded_tokens", Settings.DecodedTokens);
        writer.WriteNumber("runs", Settings.Runs);
        writer.WriteNumber("prefill_tps", Math.Round(PrefillTps, 2));
        writer.WriteNumber("prefill_gops", Math.Round(PrefillGops, 2));
        if (Peak is not null)
        {
            writer.WriteString("peak_instruction", Peak.Instruction);
            writer.WriteNumber("peak_gops", Math.Round(Peak.Gops, 2));
            writer.WriteNumber("peak_share", Math.Round(PrefillGops / Peak.Gops, 4));
        }
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
        writer.WriteNumber("weight_bytes", WeightBytes);
        writer.WriteNumber("load_ms", Math.Round(LoadMs, 1));
        writer.WriteNumber("resident_bytes", ResidentBytes);
        if (Profiles.Count > 0)
        {
            writer.WriteStartArray("profile");
            foreach (PhaseProfile profile in Profiles)
                profile.Write(writer);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    private double PrefillGops => PrefillTps / Settings.PromptTokens * PrefillOperations / 1e9;

    private string ShareOfPeak => Peak is null ? "" : FormattableString.Invariant($", {PrefillGops / Peak.Gops:P0} of {Peak.Gops:0} GOP/s of {Peak.Instruction}");

    private static string Share(DecodeSpeed speed) => FormattableString.Invariant(
        $"{speed.BytesPerToken / 1e6:0} MB each, {speed.Share:P0} of {speed.ReadGbps.Median:0.0} GB/s read bandwidth ({speed.ReadGbps.Least:0.0} to {speed.ReadGbps.Most:0.0})");

    private static void WriteDecode(Utf8JsonWriter writer, DecodeSpeed speed)
    {
        writer.WriteNumber("decode_tps", Math.Round(speed.Tps, 2));
        writer.WriteNumber("bytes_per_token", speed.BytesPerToken);
        writer.WriteNumber("read_bandwidth_gbs", Math.Round(speed.ReadGbps.Median, 2));
        writer.WriteNumber("read_bandwidth_least_gbs", Math.Round(speed.ReadGbps.Least, 2));
        writer.WriteNumber("read_bandwidth_most_gbs", Math.Round(speed.ReadGbps.Most, 2));
        writer.WriteNumber("bandwidth_share", Math.Round(speed.Share, 4));
    }
}

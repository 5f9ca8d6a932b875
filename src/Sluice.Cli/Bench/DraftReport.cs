using System.Text.Json;

namespace Sluice.Cli.Bench;

/// <summary>What drafts bring on given prompts.</summary>
/// <param name="Pairs">One per run.</param>
internal sealed record DraftReport(
    BenchSettings Settings, string Model, string Device, int Threads, int Prompts, IReadOnlyList<DraftPair> Pairs)
{
    public IEnumerable<string> Lines()
    {
        yield return FormattableString.Invariant(
            $"{Model} on {Device}, {Prompts} prompts, {Pairs[0].Tokens} tokens decoded in each of {Pairs.Count} runs");
        yield return FormattableString.Invariant($"without drafts  {Median(p => p.PlainTps),10:0.0} tokens/s");
        yield return FormattableString.Invariant(
            $"{"with " + Settings.Draft,-15} {Median(p => p.DraftedTps),10:0.0} tokens/s   {Median(p => p.Ratio):0.00} times as fast");
        yield return FormattableString.Invariant($"accepted        {Accepted,10} of {Proposed} proposed tokens, {Acceptance:P1}");
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("engine", "sluice");
        writer.WriteString("model", Model);
        writer.WriteString("device", Device);
        writer.WriteNumber("threads", Threads);
        writer.WriteString("kv", Settings.KvType.ToString());
        writer.WriteString("draft", Settings.Draft);
        writer.WriteNumber("runs", Pairs.Count);
        writer.WriteNumber("decoded_tokens", Pairs[0].Tokens);
        writer.WriteNumber("decode_tps", Math.Round(Median(p => p.PlainTps), 2));
        writer.WriteNumber("drafted_decode_tps", Math.Round(Median(p => p.DraftedTps), 2));
        writer.WriteNumber("draft_ratio", Math.Round(Median(p => p.Ratio), 4));
        writer.WriteNumber("proposed_tokens", Proposed);
        writer.WriteNumber("accepted_tokens", Accepted);
        writer.WriteEndObject();
    }

    private int Accepted => Pairs.Sum(p => p.Accepted);

    private int Proposed => Pairs.Sum(p => p.Proposed);

    private double Acceptance => Proposed == 0 ? 0 : (double)Accepted / Proposed;

    private double Median(Func<DraftPair, double> figure) => Medians.Of(Pairs.Select(figure));
}

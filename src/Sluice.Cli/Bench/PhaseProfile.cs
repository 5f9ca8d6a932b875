using System.Text.Json;
using Sluice.Core.Profiling;

namespace Sluice.Cli.Bench;

/// <summary>Where the time of one phase went.</summary>
/// <param name="Phase">"prefill" or "decode".</param>
/// <param name="Runs">How many runs are counted together.</param>
/// <param name="Wall">From the first to the last moment of them.</param>
/// <param name="Operations">Dearest first.</param>
internal sealed record PhaseProfile(string Phase, int Runs, TimeSpan Wall, IReadOnlyList<ProfiledOperation> Operations)
{
    /// <summary>What was no operation of the backend: queue, schedule, sampling.</summary>
    public TimeSpan Rest => Wall - new TimeSpan(Operations.Sum(operation => operation.Time.Ticks));

    public IEnumerable<string> Lines()
    {
        int width = Math.Max("everything else".Length, Operations.Max(operation => operation.Name.Length));
        yield return FormattableString.Invariant($"{Phase}, {Runs} runs, {Wall.TotalMilliseconds:0.0} ms:");
        yield return $"  {"operation".PadRight(width)} {"calls",8} {"ms",10} {"share",7} {"GOP/s",8} {"GB/s",7}";
        foreach (var operation in Operations)
        {
            string rates = operation.Operations == 0 ? "" : FormattableString.Invariant($" {Gops(operation),8:0.0} {Gbps(operation),7:0.0}");
            yield return $"  {operation.Name.PadRight(width)} {operation.Calls,8} {Cost(operation.Time)}{rates}";
        }
        yield return $"  {"everything else".PadRight(width)} {"",8} {Cost(Rest)}";
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("phase", Phase);
        writer.WriteNumber("runs", Runs);
        writer.WriteNumber("ms", Math.Round(Wall.TotalMilliseconds, 3));
        writer.WriteNumber("everything_else_ms", Math.Round(Rest.TotalMilliseconds, 3));
        writer.WriteStartArray("operations");
        foreach (var operation in Operations)
        {
            writer.WriteStartObject();
            writer.WriteString("operation", operation.Name);
            writer.WriteNumber("calls", operation.Calls);
            writer.WriteNumber("ms", Math.Round(operation.Time.TotalMilliseconds, 3));
            writer.WriteNumber("share", Math.Round(operation.Time / Wall, 4));
            if (operation.Operations > 0)
            {
                writer.WriteNumber("gops", Math.Round(Gops(operation), 2));
                writer.WriteNumber("weight_gbs", Math.Round(Gbps(operation), 2));
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private string Cost(TimeSpan time) => FormattableString.Invariant($"{time.TotalMilliseconds,10:0.0} {time / Wall * 100,6:0.0}%");

    private static double Gops(ProfiledOperation operation) => operation.Operations / operation.Time.TotalSeconds / 1e9;

    private static double Gbps(ProfiledOperation operation) => operation.WeightBytes / operation.Time.TotalSeconds / 1e9;
}

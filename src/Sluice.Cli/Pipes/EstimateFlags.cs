using System.CommandLine;
using Sluice.Cli.Flags;

namespace Sluice.Cli.Pipes;

/// <summary>What the run would come to, instead of the run.</summary>
internal sealed class EstimateFlags
{
    private const int MostSampled = 10_000;

    private readonly Option<bool> _dryRun = Flag.Switch("--dry-run",
        "Sends nothing: reads the input, counts what would be asked and its tokens, and says what that costs.");
    private readonly Option<int?> _sample = Flag.Integer("--sample",
        "Asks about so many records, spread over the input, and says from them what all would cost and how long they would take.",
        2, MostSampled);
    private readonly Option<bool> _json = Flag.Switch("--json",
        "The estimate as one JSON object on standard output, instead of a table on standard error.");

    public void AddTo(Command command)
    {
        command.Add(_dryRun);
        command.Add(_sample);
        command.Add(_json);
    }

    /// <summary>Records to ask about for an estimate, 0 for none; null where the run itself is wanted.</summary>
    public int? ReadSample(ParseResult parsed)
    {
        int? sample = parsed.GetValue(_dryRun) || parsed.GetValue(_sample) is not null ? parsed.GetValue(_sample) ?? 0 : null;
        return sample is null && parsed.GetValue(_json)
            ? throw new UsageException("--json is the form of an estimate: add --dry-run or --sample N; records as JSON are -o jsonl.")
            : sample;
    }

    public bool ReadJson(ParseResult parsed) => parsed.GetValue(_json);
}

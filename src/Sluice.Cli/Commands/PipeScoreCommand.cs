using System.CommandLine;
using System.Globalization;
using Sluice.Cli.Flags;
using Sluice.Cli.Pipes;
using Sluice.Cli.Streams;
using Sluice.Pipe.Configuration;
using Sluice.Pipe.Output;
using Sluice.Pipe.Templates;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice pipe score</c>: a number from 0 to 10 for each record.</summary>
internal sealed class PipeScoreCommand
{
    private const int Most = 10;

    private static readonly string[] Scores =
        [.. Enumerable.Range(0, Most + 1).Select(score => score.ToString(CultureInfo.InvariantCulture))];

    private readonly PipeFlags _flags = new();
    private readonly Argument<string> _rubric = new("RUBRIC")
    {
        Description = "What earns a high score, such as \"polite and to the point\".", Validators = { Flag.RefuseOptions },
    };

    public static Command Create(Terminal terminal)
    {
        var score = new PipeScoreCommand();
        return score._flags.Complete(terminal, score.Plan, new CliCommand(
            "score", $"Gives each record a whole number from 0 to {Most}.",
            "sluice pipe score \"how urgent it is\"",
            "sluice pipe score -i jsonl -k .text -a .urgency \"how urgent it is\"")
        { score._rubric });
    }

    private Func<PipeSource, PipeWork> Plan(ParseResult parsed, PipeConfig config)
    {
        Template prompt = Template.Parse(
            $"Rate the text from 0 (not at all) to {Most} (entirely): {parsed.GetValue(_rubric)}. Answer with the number only.");
        IOutcomeWriter writer = _flags.CreateWriter(parsed, structured: true);
        return source => new PipeWork(StageOf.Labels(parsed, _flags, source, prompt, Scores), writer);
    }
}

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
    private readonly Argument<string> _rubric = new("RUBRIC") { Description = "What earns a high score, such as \"polite and to the point\".", Validators = { Flag.RefuseOptions } };

    public static Command Create(Terminal terminal)
    {
        var score = new PipeScoreCommand();
        var command = new CliCommand("score", $"Gives each record a whole number from 0 to {Most}.",
            "sluice pipe score \"how urgent it is\"",
            "sluice pipe score -i jsonl -k .text -a .urgency \"how urgent it is\"")
        { score._rubric };
        score._flags.AddTo(command);
        command.SetAction(new PipeLaunch(terminal, score._flags, score.Plan).RunAsync);
        return command;
    }

    private Func<PipeSource, PipeWork> Plan(ParseResult parsed, PipeConfig config)
    {
        Template prompt = Template.Parse(
            $"Rate the text from 0 (not at all) to {Most} (entirely): {parsed.GetValue(_rubric)}. Answer with the number only.", PromptVariables.Parse([]));
        Template? key = _flags.Records.ReadKey(parsed);
        var format = _flags.Records.Read(parsed).Format;
        key?.CheckFormat(format);
        IOutcomeWriter writer = _flags.Output.CreateWriter(parsed, format, structured: true);
        return source => new PipeWork(LabelWork.CreateStage(parsed, _flags.Source, source, prompt, Scores, key), writer);
    }
}

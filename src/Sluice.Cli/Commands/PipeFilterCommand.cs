using System.CommandLine;
using Sluice.Cli.Flags;
using Sluice.Cli.Pipes;
using Sluice.Cli.Streams;
using Sluice.Pipe.Configuration;
using Sluice.Pipe.Output;
using Sluice.Pipe.Templates;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice pipe filter</c>: the records for which something holds.</summary>
internal sealed class PipeFilterCommand
{
    private const string Yes = "yes", No = "no";

    private readonly PipeFlags _flags = new();
    private readonly Argument<string> _condition = new("CONDITION")
    {
        Description = "What has to hold for a record, such as \"is a complaint\".", Validators = { Flag.RefuseOptions },
    };

    private readonly Option<bool> _invert = Flag.Switch("--invert", "Prints the records for which it does not hold.");
    private readonly Option<bool> _count = Flag.Switch("--count", "Prints how many records it holds for, instead of them.");

    public static Command Create(Terminal terminal)
    {
        var filter = new PipeFilterCommand();
        return filter._flags.Complete(terminal, filter.Plan, new CliCommand(
            "filter", "Prints the records for which a condition holds; exit code 1 where there is none.",
            "sluice pipe filter \"is a complaint\"",
            "sluice pipe filter --invert -i csv -k .text \"is spam\"",
            "sluice pipe filter --count \"is written in German\"")
        { filter._condition, filter._invert, filter._count }, shaped: false);
    }

    private Func<PipeSource, PipeWork> Plan(ParseResult parsed, PipeConfig config)
    {
        Template prompt = Template.Parse($"Does this hold for the text: {parsed.GetValue(_condition)}? Answer with {Yes} or {No}.");
        string wanted = parsed.GetValue(_invert) ? No : Yes;
        bool Keeps(Outcome outcome) => outcome.Answer?.Text == wanted;
        IOutcomeWriter writer = parsed.GetValue(_count)
            ? new NothingWriter()
            : new KeptWriter(_flags.Output.ReadOnFail(parsed), Keeps, _flags.Records.Read(parsed).Format);
        return source => new PipeWork(StageOf.Labels(parsed, _flags, source, prompt, [Yes, No]), writer)
        {
            Keeps = Keeps,
            CountsOnly = parsed.GetValue(_count),
        };
    }
}

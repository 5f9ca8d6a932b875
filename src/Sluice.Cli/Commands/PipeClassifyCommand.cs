using System.CommandLine;
using Sluice.Cli.Flags;
using Sluice.Cli.Pipes;
using Sluice.Cli.Streams;
using Sluice.Pipe.Configuration;
using Sluice.Pipe.Output;
using Sluice.Pipe.Shapes;
using Sluice.Pipe.Templates;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice pipe classify</c>: one of a few labels for each record.</summary>
internal sealed class PipeClassifyCommand
{
    private readonly PipeFlags _flags = new();
    private readonly Option<string> _labels = new("--labels", "-l")
    {
        Description = "The labels, with commas between them.", HelpName = "A,B,…", Required = true,
    };

    private readonly Option<string?> _of = Flag.Text("--of",
        "What is classified, in a word for the prompt; text unless told otherwise.", "WORD");

    public static Command Create(Terminal terminal)
    {
        var classify = new PipeClassifyCommand();
        return classify._flags.Complete(terminal, classify.Plan, new CliCommand(
            "classify", "Gives each record one of a few labels, and where the source can tell, how likely it is.",
            "sluice pipe classify -l positive,negative,neutral",
            "sluice pipe classify -l bug,feature,question,billing,other --of ticket",
            "sluice pipe classify -l bug,billing,other -i csv -k .text --append label,p")
        { classify._labels, classify._of });
    }

    private Func<PipeSource, PipeWork> Plan(ParseResult parsed, PipeConfig config)
    {
        string[] labels = parsed.GetValue(_labels)!.Split(',', StringSplitOptions.TrimEntries);
        _ = new ChoicesShape(labels, WireForm.None); // refuses what are no labels
        Template prompt = Template.Parse(
            $"Classify the {parsed.GetValue(_of) ?? "text"} as {ListedLabels.Join(labels, "or")}. Answer with one word.");
        IOutcomeWriter writer = _flags.CreateWriter(parsed, structured: false);
        return source => new PipeWork(StageOf.Labels(parsed, _flags, source, prompt, labels), writer);
    }
}

using System.CommandLine;
using Sluice.Cli.Flags;
using Sluice.Cli.Pipes;
using Sluice.Cli.Streams;
using Sluice.Pipe.Configuration;
using Sluice.Pipe.Output;
using Sluice.Pipe.Templates;

namespace Sluice.Cli.Commands;

/// <summary>Commands of the pipe that are a prompt of ours: <c>translate</c> and <c>summarize</c>.</summary>
internal sealed class PipePromptCommand
{
    private readonly PipeFlags _flags = new();
    private readonly Func<ParseResult, string> _prompt;

    private PipePromptCommand(Func<ParseResult, string> prompt) => _prompt = prompt;

    public static Command CreateTranslate(Terminal terminal)
    {
        var language = new Argument<string>("LANG")
        {
            Description = "The language to translate to, such as German.", Validators = { Flag.RefuseOptions },
        };
        var translate = new PipePromptCommand(parsed => $"Translate to {parsed.GetValue(language)}.");
        return translate.Finish(terminal, new CliCommand(
            "translate", "Translates each record.",
            "sluice pipe translate German",
            "sluice pipe translate French -i csv -k .greeting -a .greeting")
        { language });
    }

    public static Command CreateSummarize(Terminal terminal)
    {
        var summarize = new PipePromptCommand(_ => "Summarize the text in one sentence.");
        return summarize.Finish(terminal, new CliCommand(
            "summarize", "Summarizes each record in one sentence.",
            "sluice pipe summarize -i para",
            "ls *.txt | sluice pipe summarize -i files -o jsonl"));
    }

    private CliCommand Finish(Terminal terminal, CliCommand command)
    {
        _flags.Complete(terminal, Plan, command);
        _flags.Live.AddTo(command);
        return command;
    }

    private Func<PipeSource, PipeWork> Plan(ParseResult parsed, PipeConfig config)
    {
        Template prompt = Template.Parse(_prompt(parsed));
        IOutcomeWriter writer = _flags.CreateWriter(parsed, structured: false);
        return source => new PipeWork(StageOf.Prompt(parsed, _flags, source, prompt), writer);
    }
}

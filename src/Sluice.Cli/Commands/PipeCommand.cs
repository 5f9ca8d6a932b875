using System.CommandLine;
using Sluice.Cli.Flags;
using Sluice.Cli.Pipes;
using Sluice.Cli.Streams;
using Sluice.Pipe.Configuration;
using Sluice.Pipe.Output;
using Sluice.Pipe.Presets;
using Sluice.Pipe.Shapes;
using Sluice.Pipe.Templates;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice pipe</c>: a prompt over every record.</summary>
internal sealed class PipeCommand
{
    private readonly Terminal _terminal;
    private readonly PipeFlags _flags = new();
    private readonly PromptFlags _prompt = new();
    private readonly ShapeFlags _shape = new();
    private readonly Option<bool> _list = Flag.Switch("--list", "Lists the presets.");

    private PipeCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var pipe = new PipeCommand(terminal);
        var command = new CliCommand(
            "pipe", "Asks a model about every record of standard input, many at once, and writes the answers in order.",
            "sluice pipe \"Translate to German.\"",
            "sluice pipe -i csv -k .text -a .label \"Classify the ticket as bug, feature, question or other. Answer with one word.\"",
            "sluice pipe -p summarize -j 16 --journal run.journal --resume -O summaries.txt")
        {
            PipeFilterCommand.Create(terminal), PipeClassifyCommand.Create(terminal), PipeExtractCommand.Create(terminal),
            PipePromptCommand.CreateTranslate(terminal), PipePromptCommand.CreateSummarize(terminal), PipeScoreCommand.Create(terminal),
            PipeEmbedCommand.Create(terminal), PipeDedupeCommand.Create(terminal), PipePresetsCommand.Create(terminal),
            PipeInitCommand.Create(terminal),
        };
        pipe._prompt.AddTo(command);
        pipe._shape.AddTo(command);
        pipe._flags.AddTo(command);
        pipe._flags.Live.AddTo(command);
        command.Add(pipe._list);
        command.SetAction(pipe.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) => parsed.GetValue(_list)
        ? Task.FromResult(PipePresetsCommand.List(_terminal, _flags.Source.ReadConfig(parsed, _terminal)))
        : new PipeLaunch(_terminal, _flags, Plan).RunAsync(parsed, cancellation);

    private Func<PipeSource, PipeWork> Plan(ParseResult parsed, PipeConfig config)
    {
        (Template prompt, Preset? preset) = _prompt.Read(parsed, config);
        prompt.CheckFormat(_flags.Records.Read(parsed).Format);
        Func<WireForm, IShape>? asked = _shape.Read(parsed);
        IShape? own = asked is null && preset?.OutputSchema is { } schema ? new SchemaShape(schema.ToJsonString()) : null;
        IOutcomeWriter writer = _flags.CreateWriter(parsed, structured: own is not null || _shape.IsStructured(parsed));
        return source => new PipeWork(StageOf.Prompt(parsed, _flags, source, prompt, asked?.Invoke(source.Form) ?? own), writer);
    }
}

using System.CommandLine;
using Sluice.Cli.Streams;
using Sluice.Pipe.Configuration;
using Sluice.Pipe.Output;

namespace Sluice.Cli.Pipes;

/// <summary>The flags that the commands of the pipe have in common.</summary>
internal sealed class PipeFlags
{
    public RecordFlags Records { get; } = new();

    public OutputFlags Output { get; } = new();

    public FlowFlags Flow { get; } = new();

    public SourceFlags Source { get; } = new();

    public JournalFlags Journal { get; } = new();

    public ViewFlags View { get; } = new();

    public EstimateFlags Estimate { get; } = new();

    /// <summary>Of the commands whose answers are texts; those add it themselves.</summary>
    public LiveFlags Live { get; } = new();

    /// <summary>Puts these flags behind a command's own, and runs what it plans.</summary>
    /// <param name="plan">As <see cref="PipeLaunch"/> takes it.</param>
    /// <inheritdoc cref="AddTo"/>
    public CliCommand Complete(
        Terminal terminal, Func<ParseResult, PipeConfig, Func<PipeSource, PipeWork>> plan, CliCommand command,
        bool shaped = true, bool generates = true)
    {
        AddTo(command, shaped, generates);
        command.SetAction(new PipeLaunch(terminal, this, plan).RunAsync);
        return command;
    }

    /// <param name="structured">Whether answers are JSON values.</param>
    /// <exception cref="UsageException">The flags do not go together.</exception>
    public IOutcomeWriter CreateWriter(ParseResult parsed, bool structured) => Live.ReadsEvents(parsed)
        ? Output.CreateEventWriter(parsed)
        : Output.CreateWriter(parsed, Records.Read(parsed).Format, structured);

    /// <param name="shaped">Whether the command's output has a form to choose; else records come out as they are.</param>
    /// <param name="generates">Whether the source writes text.</param>
    public void AddTo(Command command, bool shaped = true, bool generates = true)
    {
        Records.AddTo(command);
        Output.AddTo(command, shaped);
        Flow.AddTo(command);
        Source.AddTo(command, generates);
        Journal.AddTo(command);
        View.AddTo(command);
        Estimate.AddTo(command);
    }
}

using System.CommandLine;

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
    }
}

using System.CommandLine;
using Sluice.Cli.Flags;
using Sluice.Cli.Streams;
using Sluice.Pipe.Flow;
using Sluice.Pipe.Output;
using Sluice.Pipe.Stages;

namespace Sluice.Cli.Pipes;

/// <summary>Whether answers are seen while they are being written.</summary>
internal sealed class LiveFlags
{
    private readonly Option<LiveForm?> _stream = Flag.Choice("--stream",
        "Writes pieces of answers as they come, those of all records in flight side by side: events as JSON lines.",
        ("jsonl", LiveForm.Events));

    public void AddTo(Command command) => command.Add(_stream);

    public bool ReadsEvents(ParseResult parsed) => parsed.GetValue(_stream) == LiveForm.Events;

    /// <summary>
    /// How a run shows answers: on a terminal plain text is seen as it comes, in order; null shows them when they are whole.
    /// </summary>
    public LiveForm? Read(ParseResult parsed, Terminal terminal, PipeWork work, FlowOptions flow, IOutputSink sink)
    {
        if (ReadsEvents(parsed))
            return LiveForm.Events;
        bool isPlainText = work is { Writer: AnswerTextWriter { IsAnswerAlone: true }, Stage: PromptStage { HasShape: false } };
        bool isInOrder = !flow.Unordered && flow.RecordsPerCall == 1;
        return terminal.OutIsTerminal && sink is StreamSink && isPlainText && isInOrder ? LiveForm.Line : null;
    }
}

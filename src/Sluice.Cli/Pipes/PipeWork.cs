using Sluice.Pipe.Output;
using Sluice.Pipe.Stages;

namespace Sluice.Cli.Pipes;

/// <summary>What a command of the pipe does with each record, and what it writes.</summary>
internal sealed record PipeWork(IStage Stage, IOutcomeWriter Writer)
{
    /// <summary>Whether an answer keeps its record; null for commands that keep none.</summary>
    public Func<Outcome, bool>? Keeps { get; init; }

    /// <summary>Whether the output is the number of records kept.</summary>
    public bool CountsOnly { get; init; }
}

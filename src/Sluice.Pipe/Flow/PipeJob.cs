using Sluice.Pipe.Journals;
using Sluice.Pipe.Likeness;
using Sluice.Pipe.Output;
using Sluice.Pipe.Records;
using Sluice.Pipe.Reports;
using Sluice.Pipe.Stages;

namespace Sluice.Pipe.Flow;

/// <summary>What one run is made of.</summary>
public sealed record PipeJob
{
    public required IRecordReader Reader { get; init; }

    public required IStage Stage { get; init; }

    public required IOutcomeWriter Writer { get; init; }

    public required IOutputSink Sink { get; init; }

    public FlowOptions Flow { get; init; } = new();

    /// <summary>How answers are shown while they are being written, where the stage lets them be seen; null when they are whole.</summary>
    public LiveForm? Live { get; init; }

    /// <summary>Null for a run that leaves no trace.</summary>
    public JournalSession? Journal { get; init; }

    /// <summary>Which records count as the same beyond those whose question is; null for none.</summary>
    public ILikeness? Likeness { get; init; }

    public Prices Prices { get; init; } = Prices.Free;

    /// <summary>Whether an answer keeps its record, where the stage decides that; null where it does not.</summary>
    public Func<Outcome, bool>? Keeps { get; init; }

    /// <summary>Called once for each record that ended, from any thread, not in order.</summary>
    public Action<EndedRecord>? Ended { get; init; }
}

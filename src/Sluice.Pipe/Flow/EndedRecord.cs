using Sluice.Pipe.Asking;
using Sluice.Pipe.Output;
using Sluice.Pipe.Records;

namespace Sluice.Pipe.Flow;

/// <summary>A record that ended.</summary>
/// <param name="Question">Null where none could be posed.</param>
/// <param name="Took">From the question to the answer; zero where nothing was asked.</param>
public sealed record EndedRecord(Record Record, Question? Question, Outcome Outcome, TimeSpan Took);

using Sluice.Pipe.Asking;

namespace Sluice.Pipe.Journals;

/// <summary>An answer as the journal has it.</summary>
/// <param name="Number">The record's number.</param>
/// <param name="Offset">Where the record begins in the input.</param>
/// <param name="Key">Of the question.</param>
internal sealed record JournalEntry(long Number, long Offset, QuestionKey Key, Answer Answer);

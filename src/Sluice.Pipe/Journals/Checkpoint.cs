using Sluice.Pipe.Asking;

namespace Sluice.Pipe.Journals;

/// <summary>How far an output file had come: all records up to one, none of them failed, and the bytes they made.</summary>
/// <param name="Run">Of everything that decides what the output looks like.</param>
public sealed record Checkpoint(QuestionKey Run, string Output, long Records, long Bytes);

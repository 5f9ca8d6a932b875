using Sluice.Protocol.Sources;

namespace Sluice.Pipe.Asking;

/// <summary>
/// A record was asked about and has no answer: the source refused or failed, or what it said is not of the shape that was asked for.
/// </summary>
public sealed class AnswerException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What was spent all the same: an answer that is of no use has to be paid for too.</summary>
    public Usage Usage { get; init; } = new(0, 0, 0);

    /// <summary>Whether the source itself is at fault; else it answers other questions.</summary>
    public bool IsOfSource => InnerException is SourceException;
}

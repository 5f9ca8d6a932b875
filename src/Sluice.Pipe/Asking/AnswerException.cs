namespace Sluice.Pipe.Asking;

/// <summary>
/// A record was asked about and has no answer: the source refused or failed, or what it said is not of the shape that was asked for.
/// </summary>
public sealed class AnswerException(string message, Exception? inner = null) : Exception(message, inner);

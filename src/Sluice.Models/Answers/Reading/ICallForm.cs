namespace Sluice.Models.Answers.Reading;

/// <summary>How a family of models writes the calls of tools. Immutable.</summary>
internal interface ICallForm
{
    /// <summary>What calls begin with.</summary>
    IReadOnlyList<string> Starts { get; }

    /// <summary>Whether a start counts only where no text came before it, because it may well be text.</summary>
    bool OnlyAtStart(int start) => false;

    /// <summary>What may follow a call and says nothing.</summary>
    IReadOnlyList<string> Closers { get; }

    /// <summary>All it is told by: those, and what stands in the middle of a call. Tokens that are part of one must be part of the text.</summary>
    IEnumerable<string> Marks => [.. Starts, .. Closers];

    /// <summary>
    /// Reads calls behind a start. It says what it reads as soon as that is certain to be a call, and from then on takes what comes, be it
    /// well formed or not.
    /// </summary>
    /// <param name="start">Which of <see cref="Starts"/> was met.</param>
    /// <returns>False where no call began, so that what was read is text.</returns>
    ReadTask<bool> ReadAsync(CallReading call, int start);
}

namespace Sluice.Pipe.Asking;

/// <summary>What is asked about one record.</summary>
/// <param name="Body">Everything that decides the answer (model, prompt, parameters, record), in the words in which the stage asks.</param>
/// <param name="Problem">Why it cannot be asked; null where it can.</param>
public sealed record Question(ReadOnlyMemory<byte> Body, string? Problem = null)
{
    private QuestionKey? _key;

    /// <summary>The number of the record that it is about.</summary>
    public long Record { get; init; }

    /// <summary>What to do with the text; null where the text says it.</summary>
    public string? Instruction { get; init; }

    /// <summary>The record, or the whole prompt where that has a place for the record.</summary>
    public string Text { get; init; } = "";

    /// <summary>The same for the same question only, in every run.</summary>
    public QuestionKey Key => _key ??= QuestionKey.Of(Body.Span);

    public static Question Impossible(string problem) => new(default(ReadOnlyMemory<byte>), problem);
}

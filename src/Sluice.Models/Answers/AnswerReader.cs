using Sluice.Models.Answers.Reading;

namespace Sluice.Models.Answers;

/// <summary>
/// Reads one answer as it is written and tells text, thoughts and calls apart. However the answer is cut into pieces, the parts are the
/// same when put together; no part is ever taken back, and what might still become a mark is not given out. It holds no more than the
/// longest mark, or the one name, number or list that is being read. For one thread.
/// </summary>
public sealed class AnswerReader
{
    private readonly AnswerText _text;
    private readonly AnswerSink _sink;
    private readonly ReadTask<bool> _reading;

    internal AnswerReader(AnswerText text, AnswerSink sink, ReadTask<bool> reading, string opening)
    {
        (_text, _sink, _reading) = (text, sink, reading);
        Opening = Append(opening);
    }

    /// <summary>What the prompt has of the answer, as parts: thoughts that the template begins, say.</summary>
    public IReadOnlyList<AnswerPart> Opening { get; }

    /// <summary>Whether nothing that comes can be part of the answer any more.</summary>
    public bool IsComplete => _sink.IsFull;

    /// <summary>Whether the answer calls a tool.</summary>
    public bool HasCalls => _sink.Calls > 0;

    /// <summary>Takes the next piece; what it made certain.</summary>
    public IReadOnlyList<AnswerPart> Append(string piece)
    {
        if (piece.Length > 0)
            _text.Append(piece);
        return Take();
    }

    /// <summary>Ends the answer; what was held back.</summary>
    /// <param name="cut">Whether it was cut off, so that what is incomplete is not malformed.</param>
    public IReadOnlyList<AnswerPart> Finish(bool cut)
    {
        _text.Finish(cut);
        return Take();
    }

    private IReadOnlyList<AnswerPart> Take()
    {
        if (_reading.IsCompleted)
            _reading.GetResult(); // a fault is the reader's own, and must be heard
        return _sink.Take();
    }
}

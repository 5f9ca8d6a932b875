using System.Text;

namespace Sluice.Models.Answers.Reading;

/// <summary>Takes what a reader understood and gives it out as parts, neighbours of one kind together.</summary>
/// <param name="mostCalls">Calls beyond it, and all that follows them, are dropped.</param>
/// <param name="fence">Sees all text, where the text is to be one JSON value.</param>
internal sealed class AnswerSink(int mostCalls = int.MaxValue, JsonFence? fence = null)
{
    private readonly List<AnswerPart> _parts = [];
    private readonly StringBuilder _text = new();
    private AnswerPartKind _kind;

    /// <summary>Calls that began.</summary>
    public int Calls { get; private set; }

    /// <summary>Whether there was a call too many.</summary>
    public bool IsFull { get; private set; }

    public void Add(AnswerPartKind kind, char c)
    {
        if (IsFull)
            return;
        TurnTo(kind);
        if (kind == AnswerPartKind.Text && fence is not null)
            fence.Write(c, _text);
        else
            _text.Append(c);
    }

    public void Add(AnswerPartKind kind, string text)
    {
        foreach (char c in text)
            Add(kind, c);
    }

    public void BeginCall(string name, string? id)
    {
        IsFull |= Calls == mostCalls;
        if (IsFull)
            return;
        Flush();
        _parts.Add(new AnswerPart(AnswerPartKind.Call, name, id));
        Calls++;
    }

    /// <summary>All that came since the last time.</summary>
    public IReadOnlyList<AnswerPart> Take()
    {
        Flush();
        if (_parts.Count == 0)
            return [];
        AnswerPart[] parts = [.. _parts];
        _parts.Clear();
        return parts;
    }

    private void TurnTo(AnswerPartKind kind)
    {
        if (_kind != kind)
            Flush();
        _kind = kind;
    }

    private void Flush()
    {
        if (_text.Length == 0)
            return;
        _parts.Add(new AnswerPart(_kind, _text.ToString()));
        _text.Clear();
    }
}

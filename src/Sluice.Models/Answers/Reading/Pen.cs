using System.Text;

namespace Sluice.Models.Answers.Reading;

/// <summary>
/// Writes text or thoughts. White space waits for what follows it: at the beginning and before a call or a tag it belongs to the markup and
/// not to the text.
/// </summary>
/// <param name="kind">What it writes.</param>
/// <param name="holdsSpace">Whether white space waits in the middle too; otherwise only at the beginning.</param>
internal sealed class Pen(AnswerSink sink, AnswerPartKind kind, bool holdsSpace)
{
    // So much of it is no markup.
    private const int MostSpace = 4096;

    private readonly StringBuilder _space = new();
    private bool _begun;
    private bool _dropsSpace;

    /// <summary>Whether nothing but white space came so far.</summary>
    public bool AtStart { get; private set; } = true;

    /// <summary>Whether nothing but white space came since the last call.</summary>
    public bool AfterCall { get; private set; }

    public void Write(char c)
    {
        if (char.IsWhiteSpace(c) && (holdsSpace || !_begun) && _space.Length < MostSpace)
        {
            _space.Append(c);
            return;
        }
        if (!_dropsSpace && _space.Length > 0)
            sink.Add(kind, _space.ToString());
        _space.Clear();
        (AtStart, AfterCall, _begun, _dropsSpace) = (false, false, true, false);
        sink.Add(kind, c);
    }

    public void Write(string text)
    {
        foreach (char c in text)
            Write(c);
    }

    /// <summary>Here is markup: white space before it, and what comes right behind it, goes.</summary>
    public void Break()
    {
        _space.Clear();
        (_begun, _dropsSpace) = (false, true);
    }

    /// <summary>Here is a call.</summary>
    public void BreakAfterCall()
    {
        Break();
        AfterCall = true;
    }

    /// <summary>The text ends, and what white space waited was part of it.</summary>
    public void Finish()
    {
        if (!_dropsSpace && _space.Length > 0)
            sink.Add(kind, _space.ToString());
        _space.Clear();
    }
}

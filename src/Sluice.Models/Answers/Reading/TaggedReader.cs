namespace Sluice.Models.Answers.Reading;

/// <summary>Reads answers that are text with thoughts and calls between tags, which is what all families write but one.</summary>
internal sealed class TaggedReader
{
    private readonly AnswerText _text;
    private readonly AnswerSink _sink;
    private readonly CallFamily? _family;
    private readonly ThoughtTags? _tags;
    private readonly bool _thoughtsInText;
    private readonly ToolSet _tools;
    private readonly Pen _pen;

    private readonly IReadOnlyList<string> _starts; // of calls
    private readonly string[] _marks; // those, then what closes calls, then the tags of thoughts, then stray tags
    private readonly int _closers;
    private readonly int _tagged;

    public TaggedReader(AnswerText text, AnswerSink sink, CallFamily? family, ThoughtTags? tags, AnswerOptions options)
    {
        _text = text;
        _sink = sink;
        _tools = new ToolSet(options.Tools);
        _family = _tools.Any ? family : null;
        _tags = tags;
        _thoughtsInText = options.ThoughtsInText;
        _pen = new Pen(sink, AnswerPartKind.Text, holdsSpace: _family is { KeepsSpace: false });
        _starts = _family?.Form.Starts ?? [];
        _closers = _starts.Count + (_family?.Form.Closers.Count ?? 0);
        string[] thoughts = _tags is null ? [] : _thoughtsInText ? [_tags.Start] : [_tags.Start, _tags.End];
        _tagged = _closers + thoughts.Length;
        string[] strays = _tags is null || _thoughtsInText ? [] : [.. _tags.Strays];
        _marks = [.. _starts, .. _family?.Form.Closers ?? [], .. thoughts, .. strays];
    }

    public async ReadTask<bool> ReadAsync()
    {
        if (_tags?.StartsOpen == true)
            await ReadThoughtsAsync();
        for (; ; )
        {
            int met = await Scan.ForAsync(_text, _marks, _pen.Write, Accepts);
            if (met == Scan.None)
            {
                _pen.Finish();
                return true;
            }
            if (met < _starts.Count)
                await ReadCallAsync(met);
            else if (met < _closers)
                _pen.Break();
            else if (met == _closers)
                await ReadThoughtsAsync();
            else if (met < _tagged)
                _pen.Break(); // the end of thoughts that there were not
        }
    }

    /// <summary>Whether a mark is one where it stands; elsewhere it is text.</summary>
    private bool Accepts(int mark)
    {
        if (mark < _starts.Count)
            return _pen.AtStart || !_family!.Form.OnlyAtStart(mark);
        if (mark < _closers)
            return _pen.AfterCall;
        if (mark < _tagged)
            return _pen.AtStart || (_tags!.Anywhere && !_thoughtsInText);
        return true;
    }

    /// <summary>Reads thoughts up to their end, or to a call that ends them too.</summary>
    private async ReadTask<int> ReadThoughtsAsync()
    {
        var pen = _thoughtsInText ? _pen : new Pen(_sink, AnswerPartKind.Thought, holdsSpace: true);
        if (!_thoughtsInText)
            pen.Break();
        else if (!_tags!.StartsOpen)
            pen.Write(_tags.Start);
        string[] ends = [_tags!.End, .. _family?.CallsEndThoughts == true ? _starts : []];
        int met = await Scan.ForAsync(_text, ends, pen.Write);
        if (met == 0 && _thoughtsInText)
            pen.Write(_tags.End);
        else if (met != Scan.None)
            _pen.Break();
        if (met > 0)
            await ReadCallAsync(met - 1);
        return met;
    }

    private async ReadTask<bool> ReadCallAsync(int start)
    {
        _text.Keep(_starts[start]);
        bool called = await _family!.Form.ReadAsync(new CallReading(_text, _sink, _tools), start);
        if (called)
            _pen.BreakAfterCall();
        else
            _pen.Write(_text.TakeKept());
        return called;
    }
}

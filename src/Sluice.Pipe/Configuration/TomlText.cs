namespace Sluice.Pipe.Configuration;

/// <summary>A TOML text and a place in it.</summary>
internal sealed class TomlText(string text)
{
    private int _at;

    public bool AtEnd => _at >= text.Length;

    /// <summary>The character here; NUL at the end.</summary>
    public char Here => _at < text.Length ? text[_at] : '\0';

    public bool StartsWith(string what) => string.CompareOrdinal(text, _at, what, 0, what.Length) == 0;

    public char Next() => _at < text.Length ? text[_at++] : throw Fault("the file ends in the middle of a value");

    public bool TryTake(string what)
    {
        if (!StartsWith(what))
            return false;
        _at += what.Length;
        return true;
    }

    public void Expect(string what)
    {
        if (!TryTake(what))
            throw Fault($"'{what}' is expected");
    }

    public string TakeWhile(Func<char, bool> wanted)
    {
        int begin = _at;
        while (_at < text.Length && wanted(text[_at]))
            _at++;
        return text[begin.._at];
    }

    public void SkipBlanks() => TakeWhile(c => c is ' ' or '\t');

    /// <summary>White space, line ends and comments.</summary>
    public void SkipLines()
    {
        while (true)
        {
            TakeWhile(char.IsWhiteSpace);
            if (Here != '#')
                return;
            TakeWhile(c => c != '\n');
        }
    }

    /// <summary>The rest of a line that may hold nothing but a comment.</summary>
    public void ExpectLineEnd()
    {
        SkipBlanks();
        if (Here == '#')
            TakeWhile(c => c != '\n');
        TryTake("\r");
        if (!AtEnd)
            Expect("\n");
    }

    public FormatException Fault(string what) => new($"line {text.AsSpan(0, Math.Min(_at, text.Length)).Count('\n') + 1}: {what}");
}

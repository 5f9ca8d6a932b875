namespace Sluice.Models.Tokenizers.Patterns;

/// <summary>The matches of a pattern in one text, in order and without overlap; an empty match right behind a match is none, as in Oniguruma.</summary>
internal struct PatternMatches
{
    private readonly Pattern _pattern;
    private PatternMatcher? _matcher;
    private int _from;
    private int _lastEnd = -1;

    public PatternMatches(Pattern pattern, ReadOnlySpan<byte> text)
    {
        _pattern = pattern;
        _matcher = pattern.Rent(text);
    }

    /// <summary>The next match. After the last one the matcher goes back to the pattern.</summary>
    /// <param name="text">The same text each time.</param>
    public bool MoveNext(ReadOnlySpan<byte> text, out int start, out int end)
    {
        start = end = 0;
        while (_matcher is not null && _from <= text.Length && _matcher.Find(text, _from, out start, out end))
        {
            if (start == end && end == _lastEnd)
            {
                _from = end + RuneLength(text, end);
                continue;
            }
            _from = _lastEnd = end;
            return true;
        }
        if (_matcher is not null)
            _pattern.Return(_matcher);
        _matcher = null;
        return false;
    }

    private static int RuneLength(ReadOnlySpan<byte> text, int at)
    {
        int length = 1;
        while (at + length < text.Length && (text[at + length] & 0xC0) == 0x80)
            length++;
        return length;
    }
}

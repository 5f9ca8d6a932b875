using System.Globalization;

namespace Sluice.Models.Tokenizers.Patterns;

/// <summary>An immutable set of code points: a bitmap for ASCII; general categories, ranges and other sets for the rest.</summary>
internal sealed class RuneSet
{
    private const int AsciiLimit = 128;

    private readonly ulong _asciiLow;
    private readonly ulong _asciiHigh;
    private readonly uint _categories;
    private readonly RuneRange[] _ranges;
    private readonly RuneSet[] _parts;
    private readonly RuneSet? _within;
    private readonly bool _negated;

    /// <param name="categories">One bit per <see cref="UnicodeCategory"/>.</param>
    /// <param name="ranges">Inclusive ranges of code points, in any order.</param>
    /// <param name="parts">Sets that are part of this one.</param>
    /// <param name="within">When given, only its members count.</param>
    /// <param name="negated">Whether the set is everything but what the others describe.</param>
    public RuneSet(
        uint categories, IEnumerable<RuneRange> ranges, IEnumerable<RuneSet>? parts = null, RuneSet? within = null, bool negated = false)
    {
        _categories = categories;
        _ranges = Merge(ranges);
        _parts = parts is null ? [] : [.. parts];
        _within = within;
        _negated = negated;
        for (int rune = 0; rune < AsciiLimit; rune++)
        {
            if (!Evaluate(rune))
                continue;
            if (rune < 64)
                _asciiLow |= 1ul << rune;
            else
                _asciiHigh |= 1ul << (rune - 64);
        }
    }

    public static RuneSet Of(int rune) => new(0, [(rune, rune)]);

    public RuneSet Negate() => new(0, [], [this], null, negated: true);

    public bool Contains(int rune)
    {
        return rune < AsciiLimit ? ContainsAscii((byte)rune) : Evaluate(rune);
    }

    /// <summary>As <see cref="Contains"/> for a code point known to be below 128.</summary>
    public bool ContainsAscii(byte rune) => (((rune < 64 ? _asciiLow : _asciiHigh) >> (rune & 63)) & 1) != 0;

    /// <summary>Whether some code point above ASCII might be a member; false only where that is plain to see.</summary>
    public bool MayReachBeyondAscii => _negated || _categories != 0 || _parts.Length > 0 || (_ranges.Length > 0 && _ranges[^1].Last >= AsciiLimit);

    private static RuneRange[] Merge(IEnumerable<RuneRange> ranges)
    {
        var ordered = new List<RuneRange>(ranges);
        ordered.Sort((a, b) => a.First.CompareTo(b.First));
        var merged = new List<RuneRange>();
        foreach (var range in ordered)
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1)
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            else
                merged.Add(range);
        }
        return [.. merged];
    }

    private bool Evaluate(int rune)
    {
        bool member = ((_categories >> (int)CharUnicodeInfo.GetUnicodeCategory(rune)) & 1) != 0 || InRanges(rune) || InParts(rune);
        if (_within is not null)
            member = member && _within.Contains(rune);
        return member != _negated;
    }

    private bool InRanges(int rune)
    {
        int low = 0, high = _ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            if (rune < _ranges[middle].First)
                high = middle - 1;
            else if (rune > _ranges[middle].Last)
                low = middle + 1;
            else
                return true;
        }
        return false;
    }

    private bool InParts(int rune)
    {
        foreach (var part in _parts)
            if (part.Contains(rune))
                return true;
        return false;
    }
}

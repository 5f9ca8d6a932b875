namespace Sluice.Models.Grammars.Chars;

/// <summary>
/// A deterministic automaton over code points: a regular set of texts. Immutable and minimal (but for long chains), its states numbered
/// from the start breadth first, so that equal sets are equal objects. From every state some text leads to acceptance; state 0 starts; a
/// set without texts has no states.
/// </summary>
internal sealed class CharDfa : IEquatable<CharDfa>
{
    /// <summary>Most states; beyond it a grammar is refused.</summary>
    public const int MaxStates = 100_000;

    /// <summary>What <see cref="Tag"/> says of a state that does not accept.</summary>
    public const int Rejects = -1;

    private readonly CharArc[][] _arcs;
    private readonly int[] _tags;
    private readonly int _hash;
    private int[]? _steady;

    /// <summary>For <see cref="CharDfaBuilder"/>, which sees to what is promised above.</summary>
    /// <param name="arcs">Of each state, in rising order and apart.</param>
    /// <param name="tags">Of each state: what it accepts, or <see cref="Rejects"/>.</param>
    public CharDfa(CharArc[][] arcs, int[] tags)
    {
        _arcs = arcs;
        _tags = tags;
        var hash = new HashCode();
        for (int s = 0; s < arcs.Length; s++)
        {
            hash.Add(tags[s]);
            foreach (var arc in arcs[s])
                hash.Add(arc);
        }
        _hash = hash.ToHashCode();
    }

    public int States => _arcs.Length;

    public bool IsEmpty => _arcs.Length == 0;

    public ReadOnlySpan<CharArc> Arcs(int state) => _arcs[state];

    public int Tag(int state) => _tags[state];

    /// <summary>The state that a code point leads to, or -1.</summary>
    public int Next(int state, int rune)
    {
        var arcs = _arcs[state];
        int low = 0, high = arcs.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            if (rune < arcs[middle].First)
                high = middle - 1;
            else if (rune > arcs[middle].Last)
                low = middle + 1;
            else
                return arcs[middle].Target;
        }
        return -1;
    }

    /// <summary>Where a range of code points leads: one state for all of them, none (-1), or not one (<see cref="Mixed"/>).</summary>
    public int NextOfAll(int state, int first, int last)
    {
        foreach (var arc in _arcs[state])
        {
            if (arc.Last < first)
                continue;
            return arc.First > last ? -1 : arc.First <= first && arc.Last >= last ? arc.Target : Mixed;
        }
        return -1;
    }

    public const int Mixed = -2;

    /// <summary>For how many code points from a state on any may come, and all states on the way accept the same.</summary>
    public int Steady(int state) => (_steady ??= FindSteady())[state];

    private int[] FindSteady()
    {
        var any = CharRanges.All;
        var steady = new int[_arcs.Length];
        for (int s = steady.Length - 1; s >= 0; s--)
        {
            bool isAny = _arcs[s].Length == any.Count;
            for (int a = 0; a < any.Count && isAny; a++)
                isAny = _arcs[s][a] == new CharArc(any[a].First, any[a].Last, _arcs[s][0].Target);
            int next = isAny ? _arcs[s][0].Target : -1;
            if (next >= s && _tags[next] == _tags[s])
                steady[s] = next == s ? int.MaxValue : steady[next] == int.MaxValue ? int.MaxValue : steady[next] + 1;
        }
        return steady;
    }

    public bool Accepts(string text)
    {
        int state = IsEmpty ? -1 : 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (state < 0)
                return false;
            state = Next(state, rune.Value);
        }
        return state >= 0 && _tags[state] != Rejects;
    }

    public bool Equals(CharDfa? other)
    {
        if (other is null || other._hash != _hash || !other._tags.AsSpan().SequenceEqual(_tags))
            return false;
        for (int s = 0; s < _arcs.Length; s++)
        {
            if (!other._arcs[s].AsSpan().SequenceEqual(_arcs[s]))
                return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as CharDfa);

    public override int GetHashCode() => _hash;
}

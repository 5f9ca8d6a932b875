namespace Sluice.Models.Grammars.Chars;

/// <summary>
/// Finds characters that may come in any order, so many of them, from a state of an automaton on: texts of nothing else need not be
/// followed one by one. There may be more than it finds. Not thread-safe.
/// </summary>
/// <param name="silent">Whether nothing may be accepted on the way.</param>
internal sealed class FreeRuns(CharDfa chars, bool silent)
{
    /// <summary>Runs of more characters than these are all alike.</summary>
    private const int Longest = 16;

    /// <summary>The index of texts that are no runs of characters.</summary>
    public const int None = Longest + 2;

    // Beyond so many states nothing is saved by looking further.
    private const int MaxReached = 64;

    private readonly Dictionary<int, CharMask> _allowed = [];
    private readonly List<int> _reached = [];

    /// <summary>Where <see cref="From"/> tells of runs of so many characters.</summary>
    public static int IndexOf(int length) => Math.Min(length, Longest + 1);

    /// <summary>Which characters may be in a run, by its length; none where it is none.</summary>
    public CharMask[] From(int state)
    {
        var free = new CharMask[None + 1];
        var run = Allowed(state);
        bool forever = false;
        for (int length = 1; length <= Longest && !run.IsEmpty; length++)
        {
            if (!forever)
                run = Narrow(state, run, length, out forever);
            free[length] = run;
        }
        free[Longest + 1] = forever ? run : default;
        return free;
    }

    /// <summary>
    /// What is left of some characters when none of them leads to where the others may not come. Where most may not come it is taken away
    /// itself, as a quote that ends a text; else those are that may not.
    /// </summary>
    /// <param name="forever">Whether as much is left for runs of any length.</param>
    private CharMask Narrow(int state, CharMask run, int length, out bool forever)
    {
        for (; ; )
        {
            var left = run;
            _reached.Clear();
            _reached.Add(state);
            int next = 0;
            for (int step = 1; step <= length && next < _reached.Count; step++)
            {
                for (int end = _reached.Count; next < end; next++)
                    left = Follow(_reached[next], run, left, isLast: step == length);
            }
            forever = next == _reached.Count;
            if (left == run || left.IsEmpty)
                return left;
            run = left;
        }
    }

    /// <param name="isLast">Whether nothing needs to come behind the characters that follow.</param>
    private CharMask Follow(int state, CharMask run, CharMask left, bool isLast)
    {
        foreach (var arc in chars.Arcs(state))
        {
            if (!run.Meets(arc) || _reached.Contains(arc.Target))
                continue;
            var both = run & Allowed(arc.Target);
            if ((silent && chars.Tag(arc.Target) != CharDfa.Rejects) || (!isLast && 2 * both.Count < run.Count))
            {
                left = left.Without(arc);
                continue;
            }
            if (_reached.Count == MaxReached)
                return default;
            _reached.Add(arc.Target);
            left = isLast ? left : left & both;
        }
        return left;
    }

    private CharMask Allowed(int state) =>
        _allowed.TryGetValue(state, out var known) ? known : _allowed[state] = CharMask.Of(chars.Arcs(state));
}

using Sluice.Models.Tokenizers.Patterns;

namespace Sluice.Models.Grammars.Chars;

/// <summary>Sets of scalar values as ranges that rise and are apart.</summary>
internal static class CharRanges
{
    public static readonly List<(int First, int Last)> All = [(0, 0xD7FF), (0xE000, CharSets.LastRune)];

    private static readonly Dictionary<string, List<(int First, int Last)>> Properties = [];

    public static List<(int First, int Last)> Merge(IEnumerable<(int First, int Last)> ranges)
    {
        var merged = new List<(int First, int Last)>();
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1)
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            else
                merged.Add(range);
        }
        return merged;
    }

    public static List<(int First, int Last)> Complement(IEnumerable<(int First, int Last)> ranges)
    {
        var rest = new List<(int First, int Last)>();
        int from = 0;
        foreach (var (first, last) in Merge(ranges.Append((0xD800, 0xDFFF))))
        {
            if (first > from)
                rest.Add((from, first - 1));
            from = last + 1;
        }
        if (from <= CharSets.LastRune)
            rest.Add((from, CharSets.LastRune));
        return rest;
    }

    /// <summary>The code points of a Unicode property (L, Letter, Script=Greek …), or null where none is called so.</summary>
    public static List<(int First, int Last)>? Property(string name)
    {
        lock (Properties)
        {
            if (Properties.TryGetValue(name, out var known))
                return known;
        }
        if (RuneClasses.Property(name) is not { } set)
            return null;
        var ranges = new List<(int First, int Last)>();
        for (int rune = 0; rune <= CharSets.LastRune; rune++)
        {
            if (rune is >= 0xD800 and <= 0xDFFF || !set.Contains(rune))
                continue;
            if (ranges.Count > 0 && ranges[^1].Last == rune - 1)
                ranges[^1] = (ranges[^1].First, rune);
            else
                ranges.Add((rune, rune));
        }
        lock (Properties)
            Properties[name] = ranges; // as many as there are names that mean something
        return ranges;
    }
}

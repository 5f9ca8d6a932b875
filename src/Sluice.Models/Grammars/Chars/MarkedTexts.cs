using System.Runtime.InteropServices;

namespace Sluice.Models.Grammars.Chars;

/// <summary>The texts of a set, each with a mark behind it, for readers that take all up to the first mark as the text.</summary>
internal static class MarkedTexts
{
    /// <param name="texts">Those that have the mark in them are left out.</param>
    /// <param name="mark">Two characters or more; the first stands in it once, so that it begins where that came last.</param>
    public static CharDfa Of(CharDfa texts, string mark)
    {
        if (texts.IsEmpty)
            return CharSets.None;
        var numbers = new Dictionary<Place, int> { [default] = 0 };
        var order = new List<Place> { default };
        var builder = new CharDfaBuilder();
        for (int i = 0; i < order.Count; i++)
        {
            var arcs = new List<CharArc>();
            foreach (var (first, last, target) in Arcs(texts, mark, order[i]))
            {
                ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, target, out bool known);
                if (!known)
                {
                    number = order.Count;
                    order.Add(target);
                }
                arcs.Add(new CharArc(first, last, number));
            }
            builder.Add([.. arcs.OrderBy(arc => arc.First)], order[i].Met == mark.Length ? 0 : CharDfa.Rejects);
        }
        return builder.Build();
    }

    private static IEnumerable<(int First, int Last, Place Target)> Arcs(CharDfa texts, string mark, Place place)
    {
        if (place.Met == mark.Length)
            yield break;
        int begins = mark[0], goesOn = mark[place.Met];
        if (place.Text >= 0)
        {
            bool whole = texts.Tag(place.Text) != CharDfa.Rejects;
            int text = texts.Next(place.Text, begins);
            if (text >= 0 || whole)
                yield return (begins, begins, new Place(text, 1, whole));
        }
        if (place.Met > 0)
        {
            int text = place.Text < 0 ? -1 : texts.Next(place.Text, goesOn);
            bool ends = place.Met + 1 == mark.Length;
            if (place.Whole || (text >= 0 && !ends))
                yield return (goesOn, goesOn, new Place(ends ? -1 : text, place.Met + 1, place.Whole));
        }
        if (place.Text < 0)
            yield break;
        foreach (var arc in texts.Arcs(place.Text).ToArray())
        {
            int first = arc.First;
            foreach (int taken in new[] { Math.Min(begins, goesOn), Math.Max(begins, goesOn), arc.Last + 1 })
            {
                if (taken < first || taken > arc.Last + 1)
                    continue;
                if (taken > first)
                    yield return (first, taken - 1, new Place(arc.Target, 0, false));
                first = taken + 1;
            }
        }
    }

    /// <param name="Text">How far the text has come, the mark taken for a part of it; -1 where it can be none any more.</param>
    /// <param name="Met">How much of the mark was met.</param>
    /// <param name="Whole">Whether what stands before that is one of the texts.</param>
    private readonly record struct Place(int Text, int Met, bool Whole);
}

namespace Sluice.Models.Grammars.Chars;

/// <summary>Regular sets of texts and what can be made of them.</summary>
internal static class CharSets
{
    public const int LastRune = 0x10FFFF;
    private const int FirstSurrogate = 0xD800;
    private const int LastSurrogate = 0xDFFF;

    /// <summary>Every text: sequences of scalar values, for surrogates are none.</summary>
    public static readonly CharDfa Any = Length(0, null);

    public static readonly CharDfa None = new([], []);

    /// <summary>All texts of so many code points.</summary>
    /// <param name="most">Null for no limit.</param>
    public static CharDfa Length(int least, int? most)
    {
        if (most < least)
            return None;
        var builder = new CharDfaBuilder();
        int last = most ?? least;
        for (int i = 0; i <= last; i++)
        {
            int target = i < last ? i + 1 : i;
            builder.Add(
                i == last && most is not null ? [] : [new(0, FirstSurrogate - 1, target), new(LastSurrogate + 1, LastRune, target)],
                i >= least ? 0 : CharDfa.Rejects);
        }
        return builder.Build();
    }

    /// <summary>Just these texts, each with its number as tag.</summary>
    public static CharDfa Tagged(IReadOnlyList<string> texts)
    {
        var children = new List<SortedDictionary<int, int>> { new() };
        var tags = new List<int> { CharDfa.Rejects };
        for (int t = 0; t < texts.Count; t++)
        {
            int node = 0;
            foreach (var rune in texts[t].EnumerateRunes())
            {
                if (!children[node].TryGetValue(rune.Value, out int child))
                {
                    child = children.Count;
                    children[node].Add(rune.Value, child);
                    children.Add([]);
                    tags.Add(CharDfa.Rejects);
                }
                node = child;
            }
            tags[node] = t;
        }
        var builder = new CharDfaBuilder();
        for (int n = 0; n < children.Count; n++)
            builder.Add([.. children[n].Select(child => new CharArc(child.Key, child.Key, child.Value))], tags[n]);
        return builder.Build();
    }

    public static CharDfa Of(IEnumerable<string> texts)
    {
        var tagged = Tagged([.. texts]);
        return Product([tagged], static states => states[0] != CharDfa.Rejects ? 0 : CharDfa.Rejects);
    }

    public static CharDfa Intersect(CharDfa a, CharDfa b) =>
        ReferenceEquals(a, Any) || a.IsEmpty ? (a.IsEmpty ? a : b)
        : ReferenceEquals(b, Any) || b.IsEmpty ? (b.IsEmpty ? b : a)
        : Product([a, b], static tags => tags[0] >= 0 && tags[1] >= 0 ? 0 : CharDfa.Rejects, needed: 2);

    public static CharDfa Union(CharDfa a, CharDfa b) =>
        a.IsEmpty ? b : b.IsEmpty ? a : Product([a, b], static tags => tags[0] >= 0 || tags[1] >= 0 ? 0 : CharDfa.Rejects);

    public static CharDfa Except(CharDfa a, CharDfa b) =>
        a.IsEmpty || b.IsEmpty ? a : Product([a, b], static tags => tags[0] >= 0 && tags[1] < 0 ? 0 : CharDfa.Rejects, needed: 1);

    public static CharDfa Complement(CharDfa a) => Except(Any, a);

    /// <summary>Runs automata side by side.</summary>
    /// <param name="tag">
    /// What is accepted where they have these tags; <see cref="CharDfa.Rejects"/> stands for one that does not accept or is out of the race.
    /// </param>
    /// <param name="needed">How many of the first ones must be in the race for anything to be accepted.</param>
    public static CharDfa Product(CharDfa[] parts, Func<int[], int> tag, int needed = 0)
    {
        var numbers = new Dictionary<States, int>();
        var order = new List<int[]>();
        var builder = new CharDfaBuilder();
        Numbered([.. parts.Select(part => part.IsEmpty ? -1 : 0)]);
        var tags = new int[parts.Length];
        for (int i = 0; i < order.Count; i++)
        {
            int[] states = order[i];
            for (int p = 0; p < parts.Length; p++)
                tags[p] = states[p] < 0 ? CharDfa.Rejects : parts[p].Tag(states[p]);
            builder.Add([.. Arcs(states)], tag(tags));
        }
        return builder.Build();

        List<CharArc> Arcs(int[] states)
        {
            var arcs = new List<CharArc>();
            var places = new int[parts.Length];
            for (int from = 0; from <= LastRune;)
            {
                int until = LastRune;
                bool some = false;
                var targets = new int[parts.Length];
                for (int p = 0; p < parts.Length; p++)
                {
                    targets[p] = -1;
                    if (states[p] < 0)
                        continue;
                    var own = parts[p].Arcs(states[p]);
                    while (places[p] < own.Length && own[places[p]].Last < from)
                        places[p]++;
                    if (places[p] == own.Length)
                        continue;
                    var arc = own[places[p]];
                    if (arc.First > from)
                        until = Math.Min(until, arc.First - 1);
                    else
                    {
                        until = Math.Min(until, arc.Last);
                        targets[p] = arc.Target;
                        some = true;
                    }
                }
                if (some && !targets.AsSpan(0, needed).Contains(-1))
                    arcs.Add(new CharArc(from, until, Numbered(targets)));
                from = until + 1;
            }
            return arcs;
        }

        int Numbered(int[] states)
        {
            if (numbers.TryGetValue(new States(states), out int number))
                return number;
            if (order.Count == CharDfa.MaxStates)
                throw new GrammarException($"patterns that must hold together need more than {CharDfa.MaxStates} states: make them simpler");
            numbers.Add(new States(states), order.Count);
            order.Add(states);
            return order.Count - 1;
        }
    }

    private readonly struct States(int[] values) : IEquatable<States>
    {
        private readonly int[] _values = values;

        public bool Equals(States other) => _values.AsSpan().SequenceEqual(other._values);

        public override bool Equals(object? obj) => obj is States other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (int value in _values)
                hash.Add(value);
            return hash.ToHashCode();
        }
    }
}

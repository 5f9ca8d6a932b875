using System.Runtime.InteropServices;

namespace Sluice.Models.Grammars.Chars;

/// <summary>Takes states and arcs as they are found, and makes a trimmed, minimal automaton of them.</summary>
internal sealed class CharDfaBuilder
{
    // Refinement takes as many rounds as two states can be alike for: long chains, as of a great length, are left as they are.
    private const int MaxRounds = 100;

    private readonly List<CharArc[]> _arcs = [];
    private readonly List<int> _tags = [];

    /// <summary>Adds a state; the first one starts. Its arcs may name states that are still to come.</summary>
    public void Add(CharArc[] arcs, int tag)
    {
        if (_arcs.Count == CharDfa.MaxStates)
            throw new GrammarException($"a pattern needs more than {CharDfa.MaxStates} states: make its repeats or lengths smaller");
        _arcs.Add(arcs);
        _tags.Add(tag);
    }

    public CharDfa Build()
    {
        bool[] live = FindLive();
        if (_arcs.Count == 0 || !live[0])
            return new CharDfa([], []);
        return Number(live, Refine(live));
    }

    private bool[] FindLive()
    {
        var before = new List<int>?[_arcs.Count];
        for (int s = 0; s < _arcs.Count; s++)
        {
            foreach (var arc in _arcs[s])
                (before[arc.Target] ??= []).Add(s);
        }
        var live = new bool[_arcs.Count];
        var todo = new Stack<int>();
        for (int s = 0; s < live.Length; s++)
        {
            if (_tags[s] != CharDfa.Rejects)
                todo.Push(s);
        }
        while (todo.TryPop(out int s))
        {
            if (live[s])
                continue;
            live[s] = true;
            foreach (int b in before[s] ?? [])
                todo.Push(b);
        }
        return live;
    }

    /// <summary>Moore's partition refinement: states stay together while their tags and where their arcs lead are the same.</summary>
    private int[] Refine(bool[] live)
    {
        var classes = new int[_arcs.Count];
        var numbers = new Dictionary<int, int>();
        for (int s = 0; s < classes.Length; s++)
            classes[s] = live[s] ? Numbered(numbers, _tags[s]) : -1;
        int count = numbers.Count;
        for (int round = 0; round < MaxRounds; round++)
        {
            var signatures = new Dictionary<Signature, int>();
            var next = new int[classes.Length];
            for (int s = 0; s < classes.Length; s++)
                next[s] = live[s] ? Numbered(signatures, new Signature(classes[s], Mapped(_arcs[s], classes))) : -1;
            classes = next;
            if (signatures.Count == count)
                return classes;
            count = signatures.Count;
        }
        return [.. Enumerable.Range(0, classes.Length)];
    }

    private static int Numbered<T>(Dictionary<T, int> numbers, T key) where T : notnull
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, key, out bool known);
        if (!known)
            number = numbers.Count - 1;
        return number;
    }

    /// <summary>Arcs between classes: those to none left out, neighbours to the same one joined.</summary>
    private static CharArc[] Mapped(CharArc[] arcs, int[] classes)
    {
        var mapped = new List<CharArc>(arcs.Length);
        foreach (var arc in arcs)
        {
            int target = classes[arc.Target];
            if (target < 0)
                continue;
            if (mapped.Count > 0 && mapped[^1].Target == target && mapped[^1].Last + 1 == arc.First)
                mapped[^1] = mapped[^1] with { Last = arc.Last };
            else
                mapped.Add(arc with { Target = target });
        }
        return [.. mapped];
    }

    private CharDfa Number(bool[] live, int[] classes)
    {
        for (int s = 0; s < classes.Length; s++)
            classes[s] = live[s] ? classes[s] : -1;
        var numbers = new Dictionary<int, int> { [classes[0]] = 0 };
        var order = new List<int> { 0 };
        var arcs = new List<CharArc[]>();
        for (int i = 0; i < order.Count; i++)
        {
            var mapped = Mapped(_arcs[order[i]], classes);
            var first = new Dictionary<int, int>();
            foreach (var arc in _arcs[order[i]])
            {
                if (live[arc.Target])
                    first.TryAdd(classes[arc.Target], arc.Target);
            }
            for (int a = 0; a < mapped.Length; a++)
            {
                if (numbers.TryAdd(mapped[a].Target, order.Count))
                    order.Add(first[mapped[a].Target]);
                mapped[a] = mapped[a] with { Target = numbers[mapped[a].Target] };
            }
            arcs.Add(mapped);
        }
        return new CharDfa([.. arcs], [.. order.Select(s => _tags[s])]);
    }

    private readonly struct Signature(int before, CharArc[] arcs) : IEquatable<Signature>
    {
        private readonly int _before = before;
        private readonly CharArc[] _arcs = arcs;

        public bool Equals(Signature other) => _before == other._before && _arcs.AsSpan().SequenceEqual(other._arcs);

        public override bool Equals(object? obj) => obj is Signature other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(_before);
            foreach (var arc in _arcs)
                hash.Add(arc);
            return hash.ToHashCode();
        }
    }
}

namespace Sluice.Models.Grammars.Chars;

/// <summary>Thompson's construction of a regular expression, and its determinisation.</summary>
internal sealed class CharNfa
{
    private const int MaxStates = 50_000;
    private const int MaxSubsets = 30_000;
    private const int MaxDepth = 200;

    private readonly List<List<(int First, int Last, int Target)>> _arcs = [];
    private readonly List<List<(int Target, Passage When)>> _jumps = [];
    private readonly Func<string, CharNode>? _rules;
    private int _depth;

    private CharNfa(Func<string, CharNode>? rules) => _rules = rules;

    private enum Passage
    {
        Always,
        AtStart,
        AtEnd,
    }

    /// <summary>The texts that an expression matches.</summary>
    /// <param name="anywhere">Whether a match within the text is enough.</param>
    /// <param name="rules">What rules stand for; they must not come back to themselves.</param>
    public static CharDfa Compile(CharNode node, bool anywhere = false, Func<string, CharNode>? rules = null)
    {
        var nfa = new CharNfa(rules);
        int start = nfa.NewState();
        int end = nfa.NewState();
        if (anywhere)
        {
            nfa.LoopOnAny(start);
            nfa.LoopOnAny(end);
        }
        // The part before a match is skipped in a state of its own, so that the match itself may begin at the start only.
        int entry = nfa.NewState();
        nfa._jumps[start].Add((entry, Passage.Always));
        nfa.Connect(node, entry, end);
        return nfa.Determinise(start, end);
    }

    private int NewState()
    {
        if (_arcs.Count == MaxStates)
            throw new GrammarException($"a pattern needs more than {MaxStates} states: make its repeats smaller");
        _arcs.Add([]);
        _jumps.Add([]);
        return _arcs.Count - 1;
    }

    private void LoopOnAny(int state)
    {
        foreach (var arc in CharSets.Any.Arcs(0))
            _arcs[state].Add((arc.First, arc.Last, state));
    }

    private void Connect(CharNode node, int from, int to)
    {
        if (++_depth > MaxDepth)
            throw new GrammarException($"a pattern is nested more than {MaxDepth} deep");
        switch (node)
        {
            case CharNode.One one:
                foreach (var (first, last) in one.Ranges)
                    _arcs[from].Add((first, last, to));
                break;
            case CharNode.Sequence sequence:
                for (int i = 0; i < sequence.Parts.Count; i++)
                {
                    int next = i == sequence.Parts.Count - 1 ? to : NewState();
                    Connect(sequence.Parts[i], from, next);
                    from = next;
                }
                if (sequence.Parts.Count == 0)
                    _jumps[from].Add((to, Passage.Always));
                break;
            case CharNode.Choice choice:
                foreach (var option in choice.Options)
                    Connect(option, from, to);
                break;
            case CharNode.Repeat repeat:
                ConnectRepeat(repeat, from, to);
                break;
            case CharNode.Edge edge:
                _jumps[from].Add((to, edge.AtEnd ? Passage.AtEnd : Passage.AtStart));
                break;
            case CharNode.Rule rule:
                Connect(_rules!(rule.Name), from, to);
                break;
        }
        _depth--;
    }

    private void ConnectRepeat(CharNode.Repeat repeat, int from, int to)
    {
        for (int i = 0; i < repeat.Least; i++)
        {
            int next = NewState();
            Connect(repeat.Body, from, next);
            from = next;
        }
        if (repeat.Most is { } most)
        {
            _jumps[from].Add((to, Passage.Always));
            for (int i = repeat.Least; i < most; i++)
            {
                int next = NewState();
                Connect(repeat.Body, from, next);
                _jumps[next].Add((to, Passage.Always));
                from = next;
            }
            return;
        }
        int loop = NewState(), body = NewState();
        _jumps[from].Add((loop, Passage.Always));
        _jumps[loop].Add((body, Passage.Always));
        _jumps[loop].Add((to, Passage.Always));
        Connect(repeat.Body, body, loop);
    }

    private CharDfa Determinise(int start, int end)
    {
        var numbers = new Dictionary<string, int>();
        var order = new List<int[]>();
        var builder = new CharDfaBuilder();
        Numbered(Close([start], Passage.AtStart));
        for (int i = 0; i < order.Count; i++)
        {
            // The first set alone stands at the start, where both edges may be passed.
            bool accepts = Array.BinarySearch(Close(order[i], Passage.AtEnd), end) >= 0;
            builder.Add([.. Arcs(order[i])], accepts ? 0 : CharDfa.Rejects);
        }
        return builder.Build();

        List<CharArc> Arcs(int[] states)
        {
            var cuts = new SortedSet<int>();
            foreach (int s in states)
            {
                foreach (var (first, last, _) in _arcs[s])
                {
                    cuts.Add(first);
                    cuts.Add(last + 1);
                }
            }
            var arcs = new List<CharArc>();
            int[] edges = [.. cuts];
            for (int c = 0; c + 1 < edges.Length; c++)
            {
                var targets = new HashSet<int>();
                foreach (int s in states)
                {
                    foreach (var (first, last, target) in _arcs[s])
                    {
                        if (first <= edges[c] && last >= edges[c])
                            targets.Add(target);
                    }
                }
                if (targets.Count > 0)
                    arcs.Add(new CharArc(edges[c], edges[c + 1] - 1, Numbered(Close([.. targets], Passage.Always))));
            }
            return arcs;
        }

        int Numbered(int[] states)
        {
            string key = new(System.Runtime.InteropServices.MemoryMarshal.Cast<int, char>(states));
            if (numbers.TryGetValue(key, out int number))
                return number;
            if (order.Count == MaxSubsets)
                throw new GrammarException($"a pattern needs more than {MaxSubsets} states: make its repeats smaller");
            numbers.Add(key, order.Count);
            order.Add(states);
            return order.Count - 1;
        }
    }

    /// <summary>All states that can be reached without a code point, sorted.</summary>
    private int[] Close(int[] states, Passage also)
    {
        var closed = new HashSet<int>(states);
        var todo = new Stack<int>(states);
        while (todo.TryPop(out int s))
        {
            foreach (var (target, when) in _jumps[s])
            {
                if ((when == Passage.Always || when == also) && closed.Add(target))
                    todo.Push(target);
            }
        }
        int[] sorted = [.. closed];
        Array.Sort(sorted);
        return sorted;
    }
}

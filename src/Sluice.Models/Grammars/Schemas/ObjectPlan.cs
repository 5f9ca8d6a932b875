using Sluice.Models.Grammars.Automata;
using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>What an <see cref="ObjectShape"/> allows at each point of an object that can still be finished.</summary>
internal sealed class ObjectPlan
{
    private const int MaxChoices = 8;
    private const int MaxRemembered = 10_000;

    private readonly ShapeTable _shapes;
    private readonly ObjectShape _shape;
    private readonly KeyClass[] _classes;
    private readonly int[][] _needsOf;
    private readonly UInt128[] _marks;
    private readonly bool[] _plainNeeds;
    private readonly UInt128 _allNeeds;
    private readonly bool _isOpen;
    private readonly Dictionary<string, CharDfa> _keys = [];
    private readonly Dictionary<(UInt128 Done, UInt128 Used, int Count), bool[]> _allowed = [];

    public ObjectPlan(ShapeTable shapes, ObjectShape shape)
    {
        _shapes = shapes;
        _shape = shape;
        _classes = [.. shape.Classes.Where(keys => shapes.IsInhabited(shape.Of(keys)))];
        _needsOf = [.. _classes.Select(keys => Enumerable.Range(0, shape.Needs.Count).Where(n => shape.Needs[n].Keys.Contains(keys)).ToArray())];
        _plainNeeds = [.. shape.Needs.Select(need => shapes.Of([need.Literal]).Literals.Length == 0)];
        _allNeeds = (UInt128.One << shape.Needs.Count) - UInt128.One;
        if (shape.Needs.Count == ObjectShape.MaxMarks)
            _allNeeds = UInt128.MaxValue;
        _isOpen = Array.Exists(_classes, keys => keys is { Name: null, Matches.Count: 0 }) && !Array.Exists(_classes, keys => keys.Matches.Count > 0);
        int marks = 0;
        _marks = [.. _classes.Select(keys =>
            keys.Name is null || marks == ObjectShape.MaxMarks ? UInt128.Zero : UInt128.One << marks++)];
    }

    public bool CanClose(ObjectState state) => state.Done == _allNeeds && state.Count >= _shape.Least;

    public bool CanGrow(ObjectState state) => Allowed(state).Contains(true);

    /// <summary>The names that may come next, each tagged with its class.</summary>
    public Lexeme Keys(SchemaNodes nodes, ObjectState state)
    {
        bool[] allowed = Allowed(state);
        // Where any name may come, none that has been used can be a dead end: a name goes on. So one lexeme serves all such states.
        bool any = _isOpen && Array.Exists(Enumerable.Range(0, allowed.Length).ToArray(), c => allowed[c] && _classes[c].Name is null);
        string key = any ? "" : string.Concat(allowed.Select(one => one ? '1' : '0'));
        if (!_keys.TryGetValue(key, out var chars))
        {
            int[] places = [.. Enumerable.Range(0, _classes.Length).Where(c => any || allowed[c])];
            var subset = _shape.Keys([.. places.Select(c => _classes[c])]);
            chars = CharSets.Product([subset], tags => tags[0] < 0 ? CharDfa.Rejects : places[tags[0]]);
            if (_keys.Count == MaxRemembered)
                _keys.Clear();
            _keys[key] = chars;
        }
        return nodes.String(chars);
    }

    public bool Allows(ObjectState state, int keys) => Allowed(state)[keys];

    /// <summary>What the value of the name just read can be, and how things stand behind it.</summary>
    public IEnumerable<(Goal Goal, ObjectState Next)> Values(ObjectState state)
    {
        int keys = state.Class;
        var open = _needsOf[keys].Where(need => ((state.Done >> need) & UInt128.One) == UInt128.Zero).ToList();
        var done = open.Where(need => _plainNeeds[need]).Aggregate(state.Done, (all, need) => all | (UInt128.One << need));
        int[] choices = [.. open.Where(need => !_plainNeeds[need])];
        if (choices.Length > MaxChoices)
            throw new GrammarException($"schema: more than {MaxChoices} conditions of an object can be met by one property");
        var literals = _shape.Of(_classes[keys]).ToList();
        for (int set = (1 << choices.Length) - 1; set >= 0; set--)
        {
            var chosen = choices.Where((_, i) => ((set >> i) & 1) != 0).ToList();
            var goal = _shapes.Of([.. literals, .. chosen.Select(need => _shape.Needs[need].Literal)]);
            var next = new ObjectState(
                this, ObjectPhase.AfterValue, chosen.Aggregate(done, (all, need) => all | (UInt128.One << need)), state.Used | _marks[keys],
                Math.Min(state.Count + 1, _shape.Most ?? _shape.Least));
            if (_shapes.IsInhabited(goal) && CanFinish(next))
                yield return (goal, next);
        }
    }

    /// <summary>Whether an object that stands so can be finished, as far as can be seen from each rule alone.</summary>
    public bool CanFinish(ObjectState state)
    {
        int room = (_shape.Most ?? int.MaxValue) - state.Count;
        if (Missing(state).Count > room)
            return false;
        int unused = 0;
        bool endless = false;
        for (int c = 0; c < _classes.Length; c++)
        {
            endless |= _classes[c].Name is null;
            unused += (state.Used & _marks[c]) == UInt128.Zero ? 1 : 0;
        }
        if (!endless && state.Count + unused < _shape.Least)
            return false;
        for (int n = 0; n < _shape.Needs.Count; n++)
        {
            if (((state.Done >> n) & UInt128.One) == UInt128.Zero && (room == 0 || !CanMeet(state, n)))
                return false;
        }
        return true;
    }

    private bool CanMeet(ObjectState state, int need)
    {
        for (int c = 0; c < _classes.Length; c++)
        {
            if ((state.Used & _marks[c]) == UInt128.Zero && _needsOf[c].Contains(need) &&
                _shapes.IsInhabited([.. _shape.Of(_classes[c]), _shape.Needs[need].Literal]))
                return true;
        }
        return false;
    }

    /// <summary>The names that must still come.</summary>
    private HashSet<string> Missing(ObjectState state)
    {
        var missing = new HashSet<string>();
        for (int n = 0; n < _shape.Needs.Count; n++)
        {
            if (((state.Done >> n) & UInt128.One) == UInt128.Zero && _shape.Needs[n].Keys is KeySet.Named named)
                missing.Add(named.Name);
        }
        return missing;
    }

    /// <summary>The classes whose names may come next.</summary>
    private bool[] Allowed(ObjectState state)
    {
        var key = (state.Done, state.Used, state.Count);
        if (_allowed.TryGetValue(key, out var known))
            return known;
        if (_allowed.Count == MaxRemembered)
            _allowed.Clear();
        int room = (_shape.Most ?? int.MaxValue) - state.Count;
        var allowed = new bool[_classes.Length];
        for (int c = 0; c < allowed.Length; c++)
            allowed[c] = room > 0 && (state.Used & _marks[c]) == UInt128.Zero && Values(state with { Class = c }).Any();
        return _allowed[key] = allowed;
    }
}

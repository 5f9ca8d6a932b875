namespace Sluice.Models.Grammars.Schemas;

/// <summary>What an <see cref="ArrayShape"/> allows at each point of an array that can still be finished.</summary>
internal sealed class ArrayPlan
{
    private const int CountBits = 16;
    private const int MaxCounts = 128 / CountBits;

    private readonly ShapeTable _shapes;
    private readonly ArrayShape _shape;
    private readonly int _most;
    private readonly int _settled;
    private readonly List<string>? _values;

    public ArrayPlan(ShapeTable shapes, ArrayShape shape)
    {
        _shapes = shapes;
        _shape = shape;
        int most = shape.Most ?? int.MaxValue;
        for (int i = 0; i <= shape.Distinct && i < most; i++)
            most = shapes.IsInhabited(shape.At(i)) ? most : i;
        if (shape.Unique && most > 1)
        {
            _values = Values(most);
            most = Math.Min(most, _values.Count);
        }
        _most = most;
        _settled = Math.Max(Math.Max(shape.Distinct, shape.Least), most == int.MaxValue ? 0 : most);
        if (shape.Counts.Count > MaxCounts || shape.Counts.Any(count => count.Least >= 1 << CountBits || count.Most >= 1 << CountBits))
            throw new GrammarException($"schema: more than {MaxCounts} counts of items in one array, or one beyond {(1 << CountBits) - 1}");
    }

    public bool CanClose(ArrayState state)
    {
        if (state.Index < _shape.Least)
            return false;
        for (int c = 0; c < _shape.Counts.Count; c++)
        {
            if (CountOf(state.Counts, c) < _shape.Counts[c].Least)
                return false;
        }
        return true;
    }

    public bool CanGrow(ArrayState state) => Items(state).Any();

    /// <summary>Whether an array that stands so can be finished, as far as can be seen from each rule alone.</summary>
    public bool CanFinish(ArrayState state)
    {
        if (_shape.Least > _most)
            return false;
        for (int c = 0; c < _shape.Counts.Count; c++)
        {
            var count = _shape.Counts[c];
            int missing = count.Least - CountOf(state.Counts, c);
            int from = Math.Max(state.Index, count.From);
            if (missing > 0 && (missing > (long)_most - from || !SomeItem(from, count.Literal)))
                return false;
        }
        return true;
    }

    /// <summary>What the next item can be, and how things stand behind it.</summary>
    public IEnumerable<(Goal Goal, ArrayState Next)> Items(ArrayState state)
    {
        if (state.Index >= _most)
            yield break;
        var next = state with { Phase = ArrayPhase.AfterItem, Index = Math.Min(state.Index + 1, _settled) };
        foreach (var (literals, counts) in Counted(state, 0, _shape.At(state.Index)))
        {
            foreach (var (goal, used) in Distinct(literals, state.Used))
            {
                var then = next with { Counts = counts, Used = used };
                if (_shapes.IsInhabited(goal) && CanFinish(then))
                    yield return (goal, then);
            }
        }
    }

    /// <summary>For each count from one on, an item either counts or not, where that makes a difference.</summary>
    private IEnumerable<(List<Literal> Literals, UInt128 Counts)> Counted(ArrayState state, int c, List<Literal> literals)
    {
        if (c == _shape.Counts.Count)
        {
            yield return (literals, state.Counts);
            yield break;
        }
        var count = _shape.Counts[c];
        int so = CountOf(state.Counts, c);
        bool open = state.Index >= count.From && (count.Most is not null || so < count.Least);
        if (open && so < (count.Most ?? int.MaxValue))
        {
            var more = state with { Counts = state.Counts + (UInt128.One << (c * CountBits)) };
            foreach (var result in Counted(more, c + 1, [.. literals, count.Literal]))
                yield return result;
        }
        var rest = open && count.Most is not null ? [.. literals, count.Literal.Negated] : literals;
        foreach (var result in Counted(state, c + 1, rest))
            yield return result;
    }

    private IEnumerable<(Goal Goal, UInt128 Used)> Distinct(List<Literal> literals, UInt128 used)
    {
        if (_values is null)
        {
            yield return (_shapes.Of(literals), used);
            yield break;
        }
        for (int v = 0; v < _values.Count; v++)
        {
            if (((used >> v) & UInt128.One) == UInt128.Zero)
                yield return (_shapes.Of([.. literals, _shapes.Just(_values[v])]), used | (UInt128.One << v));
        }
    }

    private bool SomeItem(int from, Literal literal)
    {
        for (int i = from; i <= Math.Max(_shape.Distinct, from) && i < _most; i++)
        {
            if (_shapes.IsInhabited([.. _shape.At(i), literal]))
                return true;
        }
        return false;
    }

    /// <summary>All values that items can have: only so many can be told apart without reading them again.</summary>
    private List<string> Values(int most)
    {
        var values = new List<string>();
        for (int i = 0; i <= _shape.Distinct && i < most; i++)
        {
            foreach (string value in _shapes.ShapeOf(_shapes.Of(_shape.At(i))).Values ?? throw TooMany())
            {
                if (!values.Exists(known => AreEqual(known, value)))
                    values.Add(value);
            }
        }
        return values.Count <= ArrayShape.MaxValues ? values : throw TooMany();

        static GrammarException TooMany() => new(
            $"schema: uniqueItems is supported only of items that are at most {ArrayShape.MaxValues} given values (enum, const, boolean, null)");
    }

    private static bool AreEqual(string a, string b)
    {
        using var left = System.Text.Json.JsonDocument.Parse(a);
        using var right = System.Text.Json.JsonDocument.Parse(b);
        return System.Text.Json.JsonElement.DeepEquals(left.RootElement, right.RootElement);
    }

    private static int CountOf(UInt128 counts, int c) => (int)(counts >> (c * CountBits)) & ((1 << CountBits) - 1);
}

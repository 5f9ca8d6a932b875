using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>The goals of a schema, what their values look like, and whether there are any.</summary>
internal sealed class ShapeTable
{
    private const int MaxGoals = 50_000;
    private const int LookAhead = 3;

    private static readonly string[] WordOf = ["null", "true", "false"];

    private readonly SchemaTable _table;
    private readonly SchemaTerms _terms;
    private readonly CharDfa _numbers;
    private readonly Dictionary<string, Goal> _goals = [];
    private readonly WorkBudget _budget = new();
    private int _depth;

    /// <param name="document">The schema.</param>
    public ShapeTable(SchemaDocument document)
    {
        _table = new SchemaTable(document);
        _numbers = document.WeighsNumbers ? NumberTexts.Decimals : NumberTexts.All;
        _terms = new SchemaTerms(_table, _numbers, Strings, Disjoint);
        Root = Of([new Literal(_table.Root, true)]);
    }

    /// <summary>Takes all apart that a value can come to, so that nothing is found to be unsupported in the middle of an answer.</summary>
    public void Explore()
    {
        foreach (var schema in _table.Written)
            _terms.Of(new Literal(schema, true), null);
        var seen = new HashSet<Goal> { Root };
        var todo = new Stack<Goal>(seen);
        while (todo.TryPop(out var goal))
        {
            var shape = ShapeOf(goal);
            foreach (var literals in shape.Arrays.SelectMany(array => array.Parts).Concat(shape.Objects.SelectMany(one => one.Parts)))
            {
                if (Of(literals) is var part && seen.Add(part))
                    todo.Push(part);
            }
            foreach (var array in shape.Arrays.Where(array => array.Unique))
                _ = new ArrayPlan(this, array);
        }
    }

    public Goal Root { get; }

    /// <summary>The goal of all these together.</summary>
    public Goal Of(IEnumerable<Literal> literals)
    {
        Literal[] sorted = [.. literals.Where(literal => literal.Schema != _table.Anything || !literal.Positive).Distinct()
            .OrderBy(literal => literal.Schema.Id).ThenBy(literal => literal.Positive)];
        string key = string.Join(' ', sorted.Select(literal => literal.Positive ? literal.Schema.Id : ~literal.Schema.Id));
        if (_goals.TryGetValue(key, out var known))
            return known;
        if (_goals.Count == MaxGoals)
            throw WorkBudget.Exceeded();
        return _goals[key] = new Goal(sorted);
    }

    /// <summary>The goal of being just one value.</summary>
    /// <param name="json">The value, as JSON.</param>
    public Literal Just(string json) => new(_table.Made($"{{\"const\":{json}}}"), true);

    public Shape ShapeOf(Goal goal)
    {
        if (goal.Shape is { } known)
            return known;
        goal.InWork = true;
        try
        {
            return goal.Shape = Join(new ClauseExpander(_table, _terms, _numbers, _budget).Expand(goal));
        }
        finally
        {
            goal.InWork = false;
        }
    }

    /// <summary>Whether some value satisfies all of these, however deep one has to look.</summary>
    public bool IsInhabited(IEnumerable<Literal> literals) => IsInhabited(Of(literals));

    public bool IsInhabited(Goal goal)
    {
        if (goal.Inhabited is { } known)
            return known;
        // Those that need each other are found empty together: at first none has a value, then whoever can be made of those that have.
        var open = new List<Goal> { goal };
        var seen = new HashSet<Goal> { goal };
        for (int i = 0; i < open.Count; i++)
        {
            Holds(open[i], next =>
            {
                if (next.Inhabited is null && seen.Add(next))
                    open.Add(next);
                return next.Inhabited ?? true;
            });
        }
        var some = new HashSet<Goal>();
        int before;
        do
        {
            before = some.Count;
            foreach (var one in open)
            {
                if (!some.Contains(one) && Holds(one, next => next.Inhabited ?? (!seen.Contains(next) || some.Contains(next))))
                    some.Add(one);
            }
        }
        while (some.Count > before);
        foreach (var one in seen)
            one.Inhabited = some.Contains(one);
        return goal.Inhabited!.Value;
    }

    private bool Holds(Goal goal, Func<Goal, bool> inhabited)
    {
        var shape = ShapeOf(goal);
        return shape.Words.Count > 0 || !shape.Numbers.IsEmpty || !shape.Strings.IsEmpty ||
            shape.Arrays.Any(array => array.IsInhabited(Inhabited)) || shape.Objects.Any(one => one.IsInhabited(Inhabited));

        bool Inhabited(IEnumerable<Literal> literals) => inhabited(Of(literals));
    }

    /// <summary>Whether surely no value satisfies both; looks some levels deep, and says no where that does not tell.</summary>
    private bool Disjoint(Schema a, Schema b) => !MayHold(Of([new Literal(a, true), new Literal(b, true)]), LookAhead);

    private bool MayHold(Goal goal, int depth)
    {
        if (goal.Inhabited is { } known)
            return known;
        if (depth == 0 || goal.InWork || _depth > 2 * LookAhead)
            return true;
        _depth++;
        try
        {
            return Holds(goal, next => MayHold(next, depth - 1));
        }
        finally
        {
            _depth--;
        }
    }

    private CharDfa Strings(Schema schema)
    {
        var goal = Of([new Literal(schema, true)]);
        return goal.InWork
            ? throw new GrammarException("schema: propertyNames leads back to itself")
            : ShapeOf(goal).Strings;
    }

    private static Shape Join(List<Clause> clauses)
    {
        var words = new HashSet<string>();
        CharDfa numbers = CharSets.None, strings = CharSets.None;
        var arrays = new List<ArrayShape>();
        var objects = new List<ObjectShape>();
        var values = new List<string>();
        bool listed = true;
        foreach (var clause in clauses)
        {
            for (int w = 0; w < WordOf.Length; w++)
            {
                if (clause.Kinds.HasFlag((ValueKinds)(1 << w)))
                    words.Add(WordOf[w]);
            }
            bool isNumber = clause.Kinds.HasFlag(ValueKinds.Number) && !clause.Numbers.IsEmpty;
            bool isString = clause.Kinds.HasFlag(ValueKinds.String) && !clause.Strings.IsEmpty;
            bool isArray = clause.Kinds.HasFlag(ValueKinds.Array), isObject = clause.Kinds.HasFlag(ValueKinds.Object);
            numbers = isNumber ? CharSets.Union(numbers, clause.Numbers) : numbers;
            strings = isString ? CharSets.Union(strings, clause.Strings) : strings;
            if (isArray)
                arrays.Add(new ArrayShape(clause));
            if (isObject)
                objects.Add(new ObjectShape(clause));
            if (clause.Values is { } some)
                values.AddRange(some);
            else
                listed &= !isNumber && !isString && !isArray && !isObject;
        }
        return new Shape([.. words], numbers, strings, arrays, objects, listed ? [.. values.Concat(words).Distinct()] : null);
    }
}

using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>Facts that hold together: one way to satisfy a goal. Filled while its terms are taken apart, then read once.</summary>
internal sealed class Clause(CharDfa numbers)
{
    private readonly List<(EvaluationScope Scope, KeySet Keys)> _evaluatedKeys = [];
    private readonly List<(EvaluationScope Scope, int Until)> _evaluatedItems = [];
    private readonly List<(EvaluationScope Scope, Literal Literal)> _evaluatedMatches = [];
    private readonly List<(EvaluationScope Scope, Literal Literal, bool Items)> _unevaluated = [];

    private Clause(Clause other) : this(other.Numbers)
    {
        Kinds = other.Kinds;
        Strings = other.Strings;
        Values = other.Values;
        (MinItems, MaxItems, Unique) = (other.MinItems, other.MaxItems, other.Unique);
        (MinProperties, MaxProperties, Names) = (other.MinProperties, other.MaxProperties, [.. other.Names]);
        (Items, Counts) = ([.. other.Items], [.. other.Counts]);
        (Members, Needs) = ([.. other.Members], [.. other.Needs]);
        Seen = [.. other.Seen];
        _evaluatedKeys = [.. other._evaluatedKeys];
        _evaluatedItems = [.. other._evaluatedItems];
        _evaluatedMatches = [.. other._evaluatedMatches];
        _unevaluated = [.. other._unevaluated];
    }

    public ValueKinds Kinds { get; private set; } = ValueKinds.All;

    public CharDfa Numbers { get; private set; } = numbers;

    public CharDfa Strings { get; private set; } = CharSets.Any;

    /// <summary>The values it was narrowed to, as JSON; null where there is no list of them.</summary>
    public IReadOnlyList<string>? Values { get; private set; }

    public int MinItems { get; private set; }

    public int? MaxItems { get; private set; }

    public bool Unique { get; set; }

    public List<ItemRule> Items { get; } = [];

    public List<ItemCount> Counts { get; } = [];

    public int MinProperties { get; private set; }

    public int? MaxProperties { get; private set; }

    /// <summary>Sets that all property names must be in.</summary>
    public List<CharDfa> Names { get; } = [];

    public List<MemberRule> Members { get; } = [];

    /// <summary>For each of these some property must be there.</summary>
    public List<MemberRule> Needs { get; } = [];

    /// <summary>What has been taken apart already.</summary>
    public HashSet<(Literal Literal, EvaluationScope? Scope)> Seen { get; } = [];

    /// <summary>Whether nothing is left.</summary>
    public bool IsEmpty
    {
        get
        {
            var left = Kinds;
            left &= Numbers.IsEmpty ? ~ValueKinds.Number : ValueKinds.All;
            left &= Strings.IsEmpty ? ~ValueKinds.String : ValueKinds.All;
            left &= MinItems > (MaxItems ?? int.MaxValue) ? ~ValueKinds.Array : ValueKinds.All;
            left &= MinProperties > (MaxProperties ?? int.MaxValue) ? ~ValueKinds.Object : ValueKinds.All;
            return left == ValueKinds.None;
        }
    }

    public Clause Clone() => new(this);

    public void Restrict(ValueKinds kinds) => Kinds &= kinds;

    public void RestrictNumbers(CharDfa numbers) => Numbers = CharSets.Intersect(Numbers, numbers);

    public void RestrictStrings(CharDfa strings) => Strings = CharSets.Intersect(Strings, strings);

    public void RestrictValues(IReadOnlyList<string> values) => Values ??= values;

    public void RestrictLength(int least, int? most)
    {
        MinItems = Math.Max(MinItems, least);
        MaxItems = most is null ? MaxItems : Math.Min(MaxItems ?? int.MaxValue, most.Value);
    }

    public void RestrictProperties(int least, int? most)
    {
        MinProperties = Math.Max(MinProperties, least);
        MaxProperties = most is null ? MaxProperties : Math.Min(MaxProperties ?? int.MaxValue, most.Value);
    }

    public void Evaluated(EvaluationScope? scope, KeySet keys)
    {
        for (; scope is not null; scope = scope.Parent)
            _evaluatedKeys.Add((scope, keys));
    }

    /// <summary>Notes that the items before an index were evaluated.</summary>
    public void EvaluatedItems(EvaluationScope? scope, int until)
    {
        for (; scope is not null; scope = scope.Parent)
            _evaluatedItems.Add((scope, until));
    }

    /// <summary>Notes that the items that satisfy a literal were evaluated.</summary>
    public void EvaluatedMatches(EvaluationScope? scope, Literal literal)
    {
        for (; scope is not null; scope = scope.Parent)
            _evaluatedMatches.Add((scope, literal));
    }

    /// <param name="literal">Positive: what is unevaluated must satisfy it. Negative: something unevaluated must not satisfy it.</param>
    public void Unevaluated(EvaluationScope scope, Literal literal, bool items) => _unevaluated.Add((scope, literal, items));

    /// <summary>Turns what is said of the unevaluated into rules, the innermost scopes first, for the outer ones hear of them.</summary>
    public void Settle(SchemaTable table)
    {
        foreach (var (scope, literal, items) in _unevaluated.OrderByDescending(entry => entry.Scope.Depth).ToList())
        {
            if (items)
                SettleItems(table, scope, literal);
            else
                SettleMembers(scope, literal);
        }
    }

    private void SettleMembers(EvaluationScope scope, Literal literal)
    {
        var rest = new KeySet.Except([.. _evaluatedKeys.Where(entry => entry.Scope == scope).Select(entry => entry.Keys)]);
        (literal.Positive ? Members : Needs).Add(new MemberRule(rest, literal));
        if (literal.Positive)
            Evaluated(scope.Parent, KeySet.All);
        else
            Restrict(ValueKinds.Object);
    }

    private void SettleItems(SchemaTable table, EvaluationScope scope, Literal literal)
    {
        int from = _evaluatedItems.Where(entry => entry.Scope == scope).Select(entry => entry.Until).DefaultIfEmpty(0).Max();
        var matches = _evaluatedMatches.Where(entry => entry.Scope == scope).Select(entry => entry.Literal).ToList();
        if (matches.Count > 0)
        {
            var either = table.AnyOf([literal with { Positive = true }, .. matches]);
            literal = new Literal(either, literal.Positive);
        }
        if (literal.Positive)
        {
            Items.Add(new ItemRule(from, int.MaxValue, literal));
            EvaluatedItems(scope.Parent, int.MaxValue);
            return;
        }
        Restrict(ValueKinds.Array);
        Counts.Add(new ItemCount(from, literal, 1, null));
    }
}

using System.Globalization;
using System.Text.Json;
using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>
/// Takes schemas apart, keyword by keyword. A keyword that would change what is valid and is not known is refused by its name.
/// </summary>
internal sealed class SchemaTerms
{
    private const int MaxSubsets = 8;

    private static readonly HashSet<string> Annotations =
    [
        "$schema", "$id", "$anchor", "$dynamicAnchor", "$comment", "$defs", "definitions", "$vocabulary", "title", "description", "default",
        "examples", "example", "deprecated", "readOnly", "writeOnly", "contentMediaType", "contentEncoding", "contentSchema",
    ];

    private readonly ScalarKeywords _scalars;
    private readonly ArrayKeywords _arrays;
    private readonly ObjectKeywords _objects;
    private readonly SchemaTable _table;
    private readonly Func<Schema, Schema, bool> _disjoint;
    private readonly Dictionary<Literal, IReadOnlyList<Term>> _known = [];

    /// <param name="strings">The strings that satisfy a schema.</param>
    /// <param name="disjoint">Whether surely no value satisfies two schemas.</param>
    public SchemaTerms(SchemaTable table, CharDfa numbers, Func<Schema, CharDfa> strings, Func<Schema, Schema, bool> disjoint)
    {
        var patterns = new SchemaPatterns();
        _scalars = new ScalarKeywords(table, patterns, numbers);
        _arrays = new ArrayKeywords(table);
        _objects = new ObjectKeywords(table, patterns, strings);
        _table = table;
        _disjoint = disjoint;
    }

    /// <summary>What a literal comes to, as terms that must all hold.</summary>
    /// <param name="scope">Who hears of what the schema evaluates.</param>
    public IReadOnlyList<Term> Of(Literal literal, EvaluationScope? scope)
    {
        if (scope is not null)
            return Find(literal, scope);
        return _known.TryGetValue(literal, out var known) ? known : _known[literal] = Find(literal, null);
    }

    private IReadOnlyList<Term> Find(Literal literal, EvaluationScope? scope)
    {
        var schema = literal.Schema;
        if (schema.Union is { } union)
            return OfUnion(union, literal.Positive, scope);
        if (schema.Json.ValueKind != JsonValueKind.Object)
            return literal.Positive == (schema.Json.ValueKind == JsonValueKind.True) ? [] : [new Term.Choice([])];
        var list = new TermList(literal.Positive);
        bool properties = schema.Json.TryGetProperty("unevaluatedProperties", out _);
        bool items = schema.Json.TryGetProperty("unevaluatedItems", out _);
        if (!properties && !items)
        {
            AddKeywords(schema, literal.Positive ? scope : null, list);
            return list.Terms;
        }
        var own = new EvaluationScope(literal.Positive ? scope : null, exact: !literal.Positive);
        if (literal.Positive)
            AddKeywords(schema, own, list);
        else
            AddKeywords(schema, null, list);
        if (properties)
            AddUnevaluated(schema, "unevaluatedProperties", own, list);
        if (items)
            AddUnevaluated(schema, "unevaluatedItems", own, list);
        return list.Terms;
    }

    private void AddUnevaluated(Schema schema, string keyword, EvaluationScope own, TermList list)
    {
        var literal = new Literal(_table.Child(schema, keyword), list.Positive);
        bool items = keyword == "unevaluatedItems";
        if (list.Positive)
        {
            list.Add(clause => clause.Unevaluated(own, literal, items));
            return;
        }
        // Broken by something unevaluated: only where the other keywords hold is it known what they evaluated.
        var others = new TermList(positive: true);
        AddKeywords(schema, own, others);
        list.Break([.. others.Terms, TermList.Fact(clause => clause.Unevaluated(own, literal, items))]);
    }

    private static IReadOnlyList<Term> OfUnion(Literal[] union, bool positive, EvaluationScope? scope) => positive
        ? [new Term.Choice([.. union.Select(one => (IReadOnlyList<Term>)[new Term.Holds(one, one.Positive ? scope : null)])])]
        : [.. union.Select(one => new Term.Holds(one.Negated, null))];

    private void AddKeywords(Schema schema, EvaluationScope? scope, TermList list)
    {
        foreach (var member in schema.Json.EnumerateObject())
            AddKeyword(schema, member, scope, list);
        _arrays.Add(schema, scope, list);
        _objects.Add(schema, scope, list);
        AddCondition(schema, scope, list);
    }

    private void AddKeyword(Schema schema, JsonProperty member, EvaluationScope? scope, TermList list)
    {
        string keyword = member.Name;
        switch (keyword)
        {
            case "$ref": AddSchema(_table.Resolve(schema, Text(member)), scope, list); break;
            case "$dynamicRef": AddSchema(_table.ResolveDynamic(schema, Text(member)), scope, list); break;
            case "allOf":
                foreach (var child in Children(schema, member))
                    AddSchema(child, scope, list);
                break;
            case "anyOf": AddAnyOf([.. Children(schema, member)], scope, list); break;
            case "oneOf": AddOneOf([.. Children(schema, member)], scope, list); break;
            case "not": AddNot(_table.Child(schema, "not"), list); break;
            case "if" or "then" or "else" or "unevaluatedProperties" or "unevaluatedItems": break;
            default:
                bool known = Annotations.Contains(keyword) || keyword.StartsWith("x-", StringComparison.Ordinal) ||
                    ArrayKeywords.Names.Contains(keyword) || ObjectKeywords.Names.Contains(keyword);
                if (!known && !_scalars.TryAdd(keyword, member.Value, list))
                {
                    string where = schema.Location.Length == 0 ? "the root" : schema.Location;
                    throw new GrammarException($"schema: unsupported keyword {keyword} at {where}");
                }
                break;
        }
    }

    private static void AddSchema(Schema schema, EvaluationScope? scope, TermList list)
    {
        if (list.Positive)
            list.Holds(schema, scope);
        else
            list.BreakBy(schema);
    }

    private static void AddNot(Schema schema, TermList list)
    {
        if (list.Positive)
            list.Add(TermList.Not(schema));
        else
            list.Break(TermList.Is(schema, null));
    }

    private static void AddAnyOf(List<Schema> schemas, EvaluationScope? scope, TermList list)
    {
        if (!list.Positive)
            list.Break([.. schemas.Select(TermList.Not)]);
        else if (scope is null)
            list.Add(new Term.Choice([.. schemas.Select(schema => (IReadOnlyList<Term>)[TermList.Is(schema, null)])]));
        else
            list.Add(new Term.Choice([.. Subsets(schemas, scope)]));
    }

    /// <summary>Which of several schemas hold decides what is evaluated: each set of them is a case of its own.</summary>
    private static IEnumerable<IReadOnlyList<Term>> Subsets(List<Schema> schemas, EvaluationScope scope)
    {
        if (schemas.Count > MaxSubsets)
            throw new GrammarException($"schema: anyOf of more than {MaxSubsets} schemas beside an unevaluated keyword");
        for (int set = 1; set < 1 << schemas.Count; set++)
        {
            var terms = new List<Term>();
            for (int i = 0; i < schemas.Count; i++)
            {
                if (((set >> i) & 1) != 0)
                    terms.Add(TermList.Is(schemas[i], scope));
                else if (scope.Exact)
                    terms.Add(TermList.Not(schemas[i]));
            }
            yield return terms;
        }
    }

    private void AddOneOf(List<Schema> schemas, EvaluationScope? scope, TermList list)
    {
        if (list.Positive)
        {
            list.Add(new Term.Choice([.. schemas.Select(IReadOnlyList<Term> (one, i) =>
                [TermList.Is(one, scope), .. schemas.Where((other, j) => j != i && !_disjoint(one, other)).Select(TermList.Not)])]));
            return;
        }
        list.Break([.. schemas.Select(TermList.Not)]);
        for (int i = 0; i < schemas.Count; i++)
        {
            for (int j = i + 1; j < schemas.Count; j++)
            {
                if (!_disjoint(schemas[i], schemas[j]))
                    list.Break(TermList.Is(schemas[i], null), TermList.Is(schemas[j], null));
            }
        }
    }

    private void AddCondition(Schema schema, EvaluationScope? scope, TermList list)
    {
        if (!schema.Json.TryGetProperty("if", out _))
            return;
        var condition = _table.Child(schema, "if");
        var then = schema.Json.TryGetProperty("then", out _) ? _table.Child(schema, "then") : null;
        var otherwise = schema.Json.TryGetProperty("else", out _) ? _table.Child(schema, "else") : null;
        if (list.Positive)
        {
            if (then is not null || otherwise is not null || scope is not null)
                list.Add(new Term.Choice([[TermList.Is(condition, scope), .. Held(then)], [TermList.Not(condition), .. Held(otherwise)]]));
            return;
        }
        if (then is not null)
            list.Break(TermList.Is(condition, null), TermList.Not(then));
        if (otherwise is not null)
            list.Break(TermList.Not(condition), TermList.Not(otherwise));

        Term[] Held(Schema? branch) => branch is null ? [] : [TermList.Is(branch, scope)];
    }

    private IEnumerable<Schema> Children(Schema schema, JsonProperty member)
    {
        if (member.Value.ValueKind != JsonValueKind.Array || member.Value.GetArrayLength() == 0)
            throw new GrammarException($"schema: {member.Name} must be an array of schemas");
        for (int i = 0; i < member.Value.GetArrayLength(); i++)
            yield return _table.Child(schema, member.Name, i.ToString(CultureInfo.InvariantCulture));
    }

    private static string Text(JsonProperty member) => member.Value.ValueKind == JsonValueKind.String
        ? member.Value.GetString()! : throw new GrammarException($"schema: {member.Name} must be a string");
}

using System.Globalization;
using System.Text.Json;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>The keywords about arrays. They are taken together, for they speak of each other.</summary>
internal sealed class ArrayKeywords(SchemaTable table)
{
    private const int MaxPrefix = 1000;

    public static readonly string[] Names =
        ["prefixItems", "items", "additionalItems", "contains", "minContains", "maxContains", "minItems", "maxItems", "uniqueItems"];

    public void Add(Schema schema, EvaluationScope? scope, TermList list)
    {
        var json = schema.Json;
        int prefix = AddPrefix(schema, scope, list, out string rest);
        if (json.TryGetProperty(rest, out var items) && items.ValueKind != JsonValueKind.Array)
            AddItems(table.Child(schema, rest), prefix, scope, list);
        if (json.TryGetProperty("contains", out _))
            AddContains(schema, scope, list);
        if (json.TryGetProperty("minItems", out var least))
            AddLength(ExactNumber.Count(least, "minItems"), null, list);
        if (json.TryGetProperty("maxItems", out var most))
            AddLength(0, ExactNumber.Count(most, "maxItems"), list);
        if (json.TryGetProperty("uniqueItems", out var unique) && unique.ValueKind == JsonValueKind.True)
        {
            if (!list.Positive)
                throw new GrammarException("schema: uniqueItems is not supported under not, if or oneOf");
            list.Add(clause => clause.Unique = true);
        }
    }

    /// <summary>Adds the schemas of the first items; in older drafts they are an array under items.</summary>
    /// <param name="rest">The keyword about the items behind them.</param>
    private int AddPrefix(Schema schema, EvaluationScope? scope, TermList list, out string rest)
    {
        bool old = schema.Json.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array;
        rest = old ? "additionalItems" : "items";
        string keyword = old ? "items" : "prefixItems";
        if (!schema.Json.TryGetProperty(keyword, out var prefix))
            return 0;
        int count = prefix.ValueKind == JsonValueKind.Array ? prefix.GetArrayLength() : MaxPrefix + 1;
        if (count > MaxPrefix)
            throw new GrammarException($"schema: {keyword} must be an array of at most {MaxPrefix} schemas");
        for (int i = 0; i < count; i++)
        {
            int index = i;
            var child = table.Child(schema, keyword, index.ToString(CultureInfo.InvariantCulture));
            var rule = new ItemRule(index, index + 1, new Literal(child, list.Positive));
            if (list.Positive)
                list.Add(clause => clause.Items.Add(rule));
            else
            {
                list.Break(clause =>
                {
                    clause.Restrict(ValueKinds.Array);
                    clause.RestrictLength(index + 1, null);
                    clause.Items.Add(rule);
                });
            }
        }
        if (list.Positive)
            list.Add(clause => clause.EvaluatedItems(scope, count));
        return count;
    }

    private static void AddItems(Schema items, int from, EvaluationScope? scope, TermList list)
    {
        var literal = new Literal(items, list.Positive);
        if (!list.Positive)
        {
            list.Break(clause =>
            {
                clause.Restrict(ValueKinds.Array);
                clause.Counts.Add(new ItemCount(from, literal, 1, null));
            });
            return;
        }
        list.Add(clause =>
        {
            clause.Items.Add(new ItemRule(from, int.MaxValue, literal));
            clause.EvaluatedItems(scope, int.MaxValue);
        });
    }

    private void AddContains(Schema schema, EvaluationScope? scope, TermList list)
    {
        var literal = new Literal(table.Child(schema, "contains"), true);
        int least = schema.Json.TryGetProperty("minContains", out var min) ? ExactNumber.Count(min, "minContains") : 1;
        int? most = schema.Json.TryGetProperty("maxContains", out var max) ? ExactNumber.Count(max, "maxContains") : null;
        if (list.Positive)
        {
            list.Add(clause =>
            {
                clause.Counts.Add(new ItemCount(0, literal, least, most));
                clause.EvaluatedMatches(scope, literal);
                if (most < least)
                    clause.Restrict(~ValueKinds.Array);
            });
            return;
        }
        if (least > 0)
            list.Break(clause => Count(clause, 0, least - 1));
        if (most is { } limit)
            list.Break(clause => Count(clause, limit + 1, null));

        void Count(Clause clause, int from, int? until)
        {
            clause.Restrict(ValueKinds.Array);
            clause.Counts.Add(new ItemCount(0, literal, from, until));
        }
    }

    private static void AddLength(int least, int? most, TermList list)
    {
        if (list.Positive)
            list.Add(clause => clause.RestrictLength(least, most));
        else if (most is { } limit)
            list.Break(clause => Length(clause, limit + 1, null));
        else if (least > 0)
            list.Break(clause => Length(clause, 0, least - 1));

        static void Length(Clause clause, int least, int? most)
        {
            clause.Restrict(ValueKinds.Array);
            clause.RestrictLength(least, most);
        }
    }
}

using System.Text.Json;
using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>The keywords about objects. They are taken together, for they speak of each other.</summary>
/// <param name="strings">The strings that satisfy a schema.</param>
internal sealed class ObjectKeywords(SchemaTable table, SchemaPatterns patterns, Func<Schema, CharDfa> strings)
{
    public static readonly string[] Names =
    [
        "properties", "patternProperties", "additionalProperties", "propertyNames", "required", "minProperties", "maxProperties",
        "dependentRequired", "dependentSchemas", "dependencies",
    ];

    public void Add(Schema schema, EvaluationScope? scope, TermList list)
    {
        var json = schema.Json;
        var known = new List<KeySet>();
        foreach (var member in Members(json, "properties"))
            AddMembers(new KeySet.Named(member.Name), table.Child(schema, "properties", member.Name), known, scope, list);
        foreach (var member in Members(json, "patternProperties"))
        {
            var keys = new KeySet.Matching(patterns.Of(member.Name));
            AddMembers(keys, table.Child(schema, "patternProperties", member.Name), known, scope, list);
        }
        if (json.TryGetProperty("additionalProperties", out _))
            AddMembers(new KeySet.Except([.. known]), table.Child(schema, "additionalProperties"), known, scope, list);
        if (json.TryGetProperty("propertyNames", out _))
            AddNames(strings(table.Child(schema, "propertyNames")), list);
        foreach (string name in Texts(json, "required"))
            AddRequired(name, list);
        if (json.TryGetProperty("minProperties", out var least))
            AddCount(ExactNumber.Count(least, "minProperties"), null, list);
        if (json.TryGetProperty("maxProperties", out var most))
            AddCount(0, ExactNumber.Count(most, "maxProperties"), list);
        foreach (string keyword in (ReadOnlySpan<string>)["dependentRequired", "dependentSchemas", "dependencies"])
        {
            foreach (var member in Members(json, keyword))
                AddDependent(schema, keyword, member, scope, list);
        }
    }

    private static void AddMembers(KeySet keys, Schema value, List<KeySet> known, EvaluationScope? scope, TermList list)
    {
        known.Add(keys);
        var rule = new MemberRule(keys, new Literal(value, list.Positive));
        if (list.Positive)
        {
            list.Add(clause =>
            {
                clause.Members.Add(rule);
                clause.Evaluated(scope, keys);
            });
            return;
        }
        list.Break(clause =>
        {
            clause.Restrict(ValueKinds.Object);
            clause.Needs.Add(rule);
        });
    }

    private void AddNames(CharDfa names, TermList list)
    {
        if (list.Positive)
            list.Add(clause => clause.Names.Add(names));
        else
            list.Break(Has(new KeySet.Except([new KeySet.Matching(names)])));
    }

    private void AddRequired(string name, TermList list)
    {
        if (list.Positive)
            list.Add(clause => clause.Needs.Add(new MemberRule(new KeySet.Named(name), new Literal(table.Anything, true))));
        else
            list.Break(Lacks(name));
    }

    private Term Has(KeySet keys) => TermList.Fact(clause =>
    {
        clause.Restrict(ValueKinds.Object);
        clause.Needs.Add(new MemberRule(keys, new Literal(table.Anything, true)));
    });

    private Term Lacks(string name) => TermList.Fact(clause =>
    {
        clause.Restrict(ValueKinds.Object);
        clause.Members.Add(new MemberRule(new KeySet.Named(name), new Literal(table.Anything, false)));
    });

    private static void AddCount(int least, int? most, TermList list)
    {
        if (list.Positive)
            list.Add(clause => clause.RestrictProperties(least, most));
        else if (most is { } limit)
            list.Break(clause => Count(clause, limit + 1, null));
        else if (least > 0)
            list.Break(clause => Count(clause, 0, least - 1));

        static void Count(Clause clause, int least, int? most)
        {
            clause.Restrict(ValueKinds.Object);
            clause.RestrictProperties(least, most);
        }
    }

    private void AddDependent(Schema schema, string keyword, JsonProperty member, EvaluationScope? scope, TermList list)
    {
        var key = new KeySet.Named(member.Name);
        if (member.Value.ValueKind == JsonValueKind.Array && keyword != "dependentSchemas")
        {
            var names = member.Value.EnumerateArray().Select(name => Text(name, keyword)).ToList();
            if (list.Positive)
                list.Add(new Term.Choice([[WithoutKey(member.Name)], [Has(key), .. names.Select(name => Has(new KeySet.Named(name)))]]));
            foreach (string name in list.Positive ? [] : names)
                list.Break(Has(key), Lacks(name));
            return;
        }
        if (keyword == "dependentRequired")
            throw new GrammarException("schema: dependentRequired must hold arrays of names");
        var child = table.Child(schema, keyword, member.Name);
        if (list.Positive)
            list.Add(new Term.Choice([[WithoutKey(member.Name)], [Has(key), TermList.Is(child, scope)]]));
        else
            list.Break(Has(key), TermList.Not(child));
    }

    /// <summary>No object with the key; any other value.</summary>
    private Term WithoutKey(string name) => TermList.Fact(clause =>
        clause.Members.Add(new MemberRule(new KeySet.Named(name), new Literal(table.Anything, false))));

    private static IEnumerable<JsonProperty> Members(JsonElement json, string keyword)
    {
        if (!json.TryGetProperty(keyword, out var value))
            return [];
        if (value.ValueKind != JsonValueKind.Object)
            throw new GrammarException($"schema: {keyword} must be an object");
        return value.EnumerateObject().GroupBy(member => member.Name).Select(same => same.Last());
    }

    private static IEnumerable<string> Texts(JsonElement json, string keyword)
    {
        if (!json.TryGetProperty(keyword, out var value))
            return [];
        if (value.ValueKind != JsonValueKind.Array)
            throw new GrammarException($"schema: {keyword} must be an array of names");
        return value.EnumerateArray().Select(name => Text(name, keyword)).Distinct();
    }

    private static string Text(JsonElement value, string keyword) => value.ValueKind == JsonValueKind.String
        ? value.GetString()! : throw new GrammarException($"schema: {keyword} must hold names");
}

using System.Text.Json;
using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>The keywords about types, numbers, strings and given values.</summary>
internal sealed class ScalarKeywords(SchemaTable table, SchemaPatterns patterns, CharDfa numbers)
{
    private const int MaxLength = 50_000;
    private const int MaxValues = 20_000;

    /// <summary>Takes a keyword, if it is one of its own.</summary>
    public bool TryAdd(string keyword, JsonElement value, TermList list)
    {
        switch (keyword)
        {
            case "type": AddType(value, list); return true;
            case "enum" or "const": AddValues(keyword, value, list); return true;
            case "minimum": AddNumbers(value, keyword, order => order >= 0, list); return true;
            case "maximum": AddNumbers(value, keyword, order => order <= 0, list); return true;
            case "exclusiveMinimum": AddNumbers(value, keyword, order => order > 0, list); return true;
            case "exclusiveMaximum": AddNumbers(value, keyword, order => order < 0, list); return true;
            case "multipleOf": Add(ValueKinds.Number, NumberTexts.Multiples(ExactNumber.Of(value, keyword)), list); return true;
            case "minLength": Add(ValueKinds.String, CharSets.Length(Length(value, keyword), null), list); return true;
            case "maxLength": Add(ValueKinds.String, CharSets.Length(0, Length(value, keyword)), list); return true;
            case "pattern": Add(ValueKinds.String, patterns.Of(Text(value, keyword)), list); return true;
            case "format": Add(ValueKinds.String, StringFormats.Get(Text(value, keyword)), list); return true;
            default: return false;
        }
    }

    private void Add(ValueKinds kind, CharDfa set, TermList list)
    {
        bool isNumber = kind == ValueKinds.Number;
        if (list.Positive)
            list.Add(clause => Restrict(clause, set));
        else
        {
            list.Break(clause =>
            {
                clause.Restrict(kind);
                Restrict(clause, CharSets.Except(isNumber ? numbers : CharSets.Any, set));
            });
        }

        void Restrict(Clause clause, CharDfa allowed)
        {
            if (isNumber)
                clause.RestrictNumbers(allowed);
            else
                clause.RestrictStrings(allowed);
        }
    }

    private void AddNumbers(JsonElement value, string keyword, Func<int, bool> wanted, TermList list) =>
        Add(ValueKinds.Number, NumberTexts.Compared(ExactNumber.Of(value, keyword), wanted), list);

    private void AddType(JsonElement value, TermList list)
    {
        List<string> names = value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(name => Text(name, "type"))] : [Text(value, "type")];
        var kinds = ValueKinds.None;
        foreach (string name in names)
        {
            kinds |= name switch
            {
                "null" => ValueKinds.Null,
                "boolean" => ValueKinds.True | ValueKinds.False,
                "number" or "integer" => ValueKinds.Number,
                "string" => ValueKinds.String,
                "array" => ValueKinds.Array,
                "object" => ValueKinds.Object,
                _ => throw new GrammarException($"schema: unknown type {name}"),
            };
        }
        bool whole = names.Contains("integer") && !names.Contains("number");
        if (list.Positive)
        {
            list.Add(clause =>
            {
                clause.Restrict(kinds);
                if (whole)
                    clause.RestrictNumbers(NumberTexts.Integers);
            });
            return;
        }
        list.Break(clause =>
        {
            clause.Restrict(~kinds | (whole ? ValueKinds.Number : ValueKinds.None));
            if (whole)
                clause.RestrictNumbers(CharSets.Except(numbers, NumberTexts.Integers));
        });
    }

    private void AddValues(string keyword, JsonElement value, TermList list)
    {
        if (keyword == "enum" && value.ValueKind != JsonValueKind.Array)
            throw new GrammarException("schema: enum must be an array");
        List<JsonElement> values = keyword == "enum" ? [.. value.EnumerateArray()] : [value];
        if (values.Count > MaxValues)
            throw new GrammarException($"schema: an enum of {values.Count} values; {MaxValues} are the most");
        var scalars = values.Where(one => one.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)).ToList();
        var compounds = values.Where(one => one.ValueKind is JsonValueKind.Array or JsonValueKind.Object).ToList();
        var kinds = scalars.Aggregate(ValueKinds.None, (sum, one) => sum | KindOf(one));
        var strings = CharSets.Of(scalars.Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!));
        var equal = Union([.. scalars.Where(one => one.ValueKind == JsonValueKind.Number)
            .Select(one => NumberTexts.Compared(ExactNumber.Of(one, keyword), order => order == 0))]);
        if (list.Positive)
        {
            var options = new List<IReadOnlyList<Term>>();
            if (scalars.Count > 0)
                options.Add([TermList.Fact(clause => Narrow(clause, kinds, equal, strings, [.. scalars.Select(one => one.GetRawText())]))]);
            foreach (var compound in compounds)
            {
                string json = compound.GetRawText();
                options.Add([TermList.Is(table.Made(ConstSchema(compound)), null), TermList.Fact(clause => clause.RestrictValues([json]))]);
            }
            list.Add(new Term.Choice(options));
            return;
        }
        var breaks = new List<Term>
        {
            TermList.Fact(clause =>
            {
                clause.Restrict(~(kinds & (ValueKinds.Null | ValueKinds.True | ValueKinds.False)));
                clause.RestrictNumbers(CharSets.Except(numbers, equal));
                clause.RestrictStrings(CharSets.Complement(strings));
            }),
        };
        breaks.AddRange(compounds.Select(compound => TermList.Not(table.Made(ConstSchema(compound)))));
        list.Break([.. breaks]);
    }

    private static void Narrow(Clause clause, ValueKinds kinds, CharDfa equal, CharDfa strings, IReadOnlyList<string> values)
    {
        clause.Restrict(kinds);
        clause.RestrictNumbers(equal);
        clause.RestrictStrings(strings);
        clause.RestrictValues(values);
    }

    private static ValueKinds KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => ValueKinds.Null,
        JsonValueKind.True => ValueKinds.True,
        JsonValueKind.False => ValueKinds.False,
        JsonValueKind.Number => ValueKinds.Number,
        _ => ValueKinds.String,
    };

    private static CharDfa Union(List<CharDfa> sets)
    {
        while (sets.Count > 1)
            sets = [.. sets.Chunk(2).Select(pair => pair.Length == 1 ? pair[0] : CharSets.Union(pair[0], pair[1]))];
        return sets.Count == 0 ? CharSets.None : sets[0];
    }

    /// <summary>A schema that only one array or object satisfies.</summary>
    private static string ConstSchema(JsonElement value)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            if (value.ValueKind == JsonValueKind.Array)
            {
                json.WriteString("type", "array");
                json.WriteStartArray("prefixItems");
                foreach (var item in value.EnumerateArray())
                    WriteConst(json, item);
                json.WriteEndArray();
                json.WriteBoolean("items", false);
                json.WriteNumber("minItems", value.GetArrayLength());
            }
            else
            {
                var members = value.EnumerateObject().GroupBy(member => member.Name).Select(same => same.Last()).ToList();
                json.WriteString("type", "object");
                json.WriteStartObject("properties");
                foreach (var member in members)
                {
                    json.WritePropertyName(member.Name);
                    WriteConst(json, member.Value);
                }
                json.WriteEndObject();
                json.WriteStartArray("required");
                foreach (var member in members)
                    json.WriteStringValue(member.Name);
                json.WriteEndArray();
                json.WriteBoolean("additionalProperties", false);
            }
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteConst(Utf8JsonWriter json, JsonElement value)
    {
        json.WriteStartObject();
        json.WritePropertyName("const");
        value.WriteTo(json);
        json.WriteEndObject();
    }

    private static int Length(JsonElement value, string keyword)
    {
        int length = ExactNumber.Count(value, keyword);
        return length <= MaxLength ? length : throw new GrammarException($"schema: {keyword} {length} is beyond {MaxLength}");
    }

    private static string Text(JsonElement value, string keyword) => value.ValueKind == JsonValueKind.String
        ? value.GetString()! : throw new GrammarException($"schema: {keyword} must be a string");
}

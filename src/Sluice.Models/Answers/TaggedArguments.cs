using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Models.Answers.Reading;
using Sluice.Models.Grammars;

namespace Sluice.Models.Answers;

/// <summary>
/// How a family's models write arguments between tags, for calls that are forced: each argument at most once, in the order of the schema,
/// texts as they stand and all else as JSON.
/// </summary>
/// <param name="Before">Before an argument's name.</param>
/// <param name="Between">Between the name and the value.</param>
/// <param name="End">Behind the value: a tag, perhaps with white space before it that is no part of the value.</param>
internal sealed record TaggedArguments(string Before, string Between, string End)
{
    private const string Properties = "properties", Required = "required", Additional = "additionalProperties";
    private const string AnyText = "{\"type\":\"string\"}", NoText = "{\"not\":{\"type\":\"string\"}}";

    private static readonly string[] Definitions = ["$defs", "definitions"];

    // What says nothing about single arguments and is not listed here cannot be held to.
    private static readonly HashSet<string> Known =
    [
        "type", Properties, Required, Additional, "title", "description", "default", "examples", "$schema", "$id", "$comment", .. Definitions,
    ];

    /// <summary>The same for a value that is JSON, where the tag tells the two apart; null where only the schema does.</summary>
    public string? BetweenJson { get; init; }

    /// <param name="parameters">The tool's schema; undefined for any arguments.</param>
    /// <exception cref="GrammarException">It says what this notation cannot be held to.</exception>
    public Grammar GrammarOf(JsonElement parameters)
    {
        if (ArgumentSchema.Member(parameters, Properties) is not { ValueKind: JsonValueKind.Object } properties)
        {
            return ArgumentSchema.Member(parameters, Additional) is { ValueKind: JsonValueKind.False }
                ? new Grammar.Sequence([]) : new Grammar.Repeat(AnyArgument(), 0, null);
        }
        foreach (var word in parameters.EnumerateObject())
        {
            if (!Known.Contains(word.Name) && !word.Name.StartsWith("x-", StringComparison.Ordinal))
                throw new GrammarException($"schema: {word.Name} beside {Properties} is not supported for arguments between tags");
        }
        string[] required = ArgumentSchema.Member(parameters, Required) is { ValueKind: JsonValueKind.Array } names
            ? [.. names.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)] : [];
        var arguments = properties.EnumerateObject().Select(property => (property.Name, Schema: property.Value)).ToList();
        var unsaid = required.Where(name => !properties.TryGetProperty(name, out _)).Distinct();
        arguments.AddRange(unsaid.Select(name => (name, default(JsonElement))));
        return new Grammar.Sequence([.. arguments.Select(argument =>
            new Grammar.Repeat(ArgumentOf(parameters, argument.Name, argument.Schema), required.Contains(argument.Name) ? 1 : 0, 1))]);
    }

    private Grammar.Sequence AnyArgument() => new(
    [
        new Grammar.Literal(Before), new Grammar.Regex("[A-Za-z_][A-Za-z0-9_-]{0,63}"), new Grammar.Literal(Between),
        new Grammar.TaggedText(AnyText, End),
    ]);

    private Grammar.Sequence ArgumentOf(JsonElement parameters, string name, JsonElement schema)
    {
        if (name.AsSpan().Trim().Length != name.Length || name.Length == 0 || name.AsSpan().ContainsAny("\"<>\n"))
            throw new GrammarException($"schema: the argument '{name}' cannot be named between tags");
        var kinds = new ArgumentSchema(schema);
        var json = new Grammar.Literal(BetweenJson ?? Between);
        string text = Enclosed(parameters, schema, isText: kinds.Allows("string") || BetweenJson is not null);
        var behind = new Grammar.Literal(End);
        // As its reader has it: what may be a text is one, but for a null.
        Grammar value = !kinds.Allows("string")
            ? new Grammar.Sequence([json, new Grammar.Schema(text) { AmongTags = true }, behind])
            : new Grammar.Sequence([new Grammar.Literal(Between), new Grammar.TaggedText(text, End)]);
        if (kinds.Allows("string") && kinds.Allows("null"))
            value = new Grammar.Either([value, new Grammar.Sequence([json, new Grammar.Literal("null"), behind])]);
        return new Grammar.Sequence([new Grammar.Literal(Before + name), value]);
    }

    /// <summary>The schema of an argument with what it may refer to.</summary>
    /// <param name="isText">Whether its reader can tell a string from other values.</param>
    private static string Enclosed(JsonElement parameters, JsonElement schema, bool isText)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (string word in Definitions)
            {
                if (ArgumentSchema.Member(parameters, word) is { } definitions)
                {
                    json.WritePropertyName(word);
                    definitions.WriteTo(json);
                }
            }
            json.WriteStartArray("allOf");
            json.WriteRawValue(schema.ValueKind == JsonValueKind.Undefined ? "true" : ClosedSchema.Of(schema));
            if (!isText)
                json.WriteRawValue(NoText);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}

using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>
/// What a client says about the form of an answer: OpenAI's response_format, llama.cpp's grammar and json_schema, vLLM's guided fields, and
/// regex and choices, which are short for two of those.
/// </summary>
internal static class FormatFields
{
    private const string ResponseFormat = "response_format";
    private const int MaxChoices = 10_000;

    private static readonly string[] Schemas = ["json_schema", "guided_json"];
    private static readonly string[] Regexes = ["regex", "guided_regex"];
    private static readonly string[] Grammars = ["grammar", "guided_grammar"];
    private static readonly string[] Choices = ["choices", "guided_choice"];

    public static readonly string[] Names = [ResponseFormat, .. Schemas, .. Regexes, .. Grammars, .. Choices];

    /// <summary>Null where the answer may be any text.</summary>
    public static AnswerFormat? Read(JsonFields fields)
    {
        AnswerFormat? format = null;
        string? first = null;
        foreach (string name in Names)
        {
            if (fields.Find(name) is not { } value || Read(fields, name, value) is not { } read)
                continue;
            if (first is not null)
            {
                throw new InvalidRequestException(
                    $"'{first}' and '{name}' both say what the answer must be; send one of them.", name, "invalid_value");
            }
            (format, first) = (read, name);
        }
        return format;
    }

    private static AnswerFormat? Read(JsonFields fields, string name, JsonElement value)
    {
        if (name == ResponseFormat)
            return ReadResponseFormat(new JsonFields(value, name));
        if (Schemas.Contains(name))
            return new AnswerFormat.JsonSchema(SchemaOf(value, name), name);
        if (Choices.Contains(name))
            return new AnswerFormat.Choices(ReadChoices(fields, name), name);
        string text = JsonFields.TextOf(value, name);
        return Regexes.Contains(name) ? new AnswerFormat.Regex(text, name) : new AnswerFormat.Grammar(text, name);
    }

    private static AnswerFormat? ReadResponseFormat(JsonFields format)
    {
        switch (format.RequireText("type"))
        {
            case "text":
                return null;
            case "json_object":
                return new AnswerFormat.JsonObject();
            case "json_schema":
                var named = new JsonFields(format.Require("json_schema"), format.PathOf("json_schema"));
                named.Text("name");
                named.Text("description");
                named.Boolean("strict"); // what is not strict is a wish; here it is always kept
                string path = named.PathOf("schema");
                return new AnswerFormat.JsonSchema(SchemaOf(named.Require("schema"), path), path);
            default:
                throw FieldError.WrongValue(format.Require("type"), format.PathOf("type"), "\"text\", \"json_object\" or \"json_schema\"");
        }
    }

    /// <summary>A schema as JSON, or as text that is JSON, as vLLM takes it too.</summary>
    private static string SchemaOf(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        JsonValueKind.String => value.GetString()!,
        _ => throw FieldError.WrongType(value, path, "a JSON Schema"),
    };

    private static string[] ReadChoices(JsonFields fields, string name)
    {
        string[] choices = [.. fields.Items(name, "an array of strings")!.Select(item => JsonFields.TextOf(item.Item, item.Path))];
        return choices.Length switch
        {
            0 => throw FieldError.Empty(name, "choice"),
            > MaxChoices => throw FieldError.TooMany(name, MaxChoices, "choices"),
            _ => choices,
        };
    }
}

using System.Buffers;
using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>Anthropic's tools, put into OpenAI's form.</summary>
internal static class AnthropicToolFields
{
    private const int MaxTools = 128;
    private const string Choices = "\"auto\", \"any\", \"tool\" or \"none\"";

    public static readonly string[] Names = ["tools", "tool_choice"];

    public static CompletionRequest Read(JsonFields fields, CompletionRequest view)
    {
        var names = new List<string>();
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach ((JsonElement tool, string path) in fields.Items("tools", "an array of tools") ?? [])
            {
                if (names.Count == MaxTools)
                    throw FieldError.TooMany("tools", MaxTools, "tools");
                names.Add(Rewrite(new JsonFields(tool, path), json));
            }
            json.WriteEndArray();
        }
        bool parallel = true;
        ToolChoice choice = fields.Find("tool_choice") is { } value
            ? ReadChoice(new JsonFields(value, "tool_choice"), names, out parallel) : ToolChoice.Auto;
        return view with
        {
            Tools = names.Count > 0 ? JsonElement.Parse(buffer.WrittenSpan) : null,
            ToolChoice = choice,
            ParallelToolCalls = parallel,
        };
    }

    private static string Rewrite(JsonFields tool, Utf8JsonWriter json)
    {
        if (tool.Text("type") is { } type && type != "custom")
            throw FieldError.Unsupported(tool.PathOf("type"), "\"custom\"");
        string name = tool.RequireText("name");
        if (name.Length == 0)
            throw FieldError.WrongValue(tool.Require("name"), tool.PathOf("name"), "a name");
        JsonElement schema = tool.Require("input_schema");
        _ = new JsonFields(schema, tool.PathOf("input_schema"));
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, name);
        if (tool.Text("description") is { } description)
            json.WriteString("description"u8, description);
        json.WritePropertyName("parameters"u8);
        schema.WriteTo(json);
        json.WriteEndObject();
        json.WriteEndObject();
        return name;
    }

    private static ToolChoice ReadChoice(JsonFields choice, List<string> names, out bool parallel)
    {
        parallel = choice.Boolean("disable_parallel_tool_use") != true;
        switch (choice.RequireText("type"))
        {
            case "auto":
                return ToolChoice.Auto;
            case "none":
                return ToolChoice.None;
            case "any" when names.Count > 0:
                return ToolChoice.Required;
            case "any":
                throw new InvalidRequestException("'tool_choice' is \"any\", but there are no 'tools'.", "tool_choice", "invalid_value");
            case "tool":
                string name = choice.RequireText("name");
                return names.Contains(name)
                    ? ToolChoice.Only(name)
                    : throw FieldError.WrongValue(choice.Require("name"), choice.PathOf("name"), "the name of one of the tools");
            default:
                throw FieldError.WrongValue(choice.Require("type"), choice.PathOf("type"), Choices);
        }
    }
}

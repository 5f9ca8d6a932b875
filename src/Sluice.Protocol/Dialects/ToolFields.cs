using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>The tools of an OpenAI conversation, and what the client says about calling them.</summary>
internal static class ToolFields
{
    private const int MaxTools = 128;

    public static readonly string[] Names = ["tools", "tool_choice", "parallel_tool_calls"];

    public static CompletionRequest Read(JsonFields fields, CompletionRequest view)
    {
        var names = new List<string>();
        string? strict = null;
        foreach ((JsonElement tool, string path) in fields.Items("tools", "an array of tools") ?? [])
        {
            if (names.Count == MaxTools)
                throw FieldError.TooMany("tools", MaxTools, "tools");
            names.Add(CheckDefinition(new JsonFields(tool, path), ref strict));
        }
        ToolChoice choice = ReadChoice(fields, names);
        if (strict is not null && choice.Mode == ToolChoiceMode.Auto)
        {
            throw new InvalidRequestException(
                $"'{strict}' is kept only where 'tool_choice' forces a call (\"required\", or a function): force one, or leave it out.",
                strict, "unsupported_value");
        }
        return view with
        {
            Tools = names.Count > 0 ? fields.Find("tools") : null,
            ToolChoice = choice,
            StrictTools = strict is not null,
            ParallelToolCalls = fields.Boolean("parallel_tool_calls") ?? true,
        };
    }

    /// <summary>Whether an assistant's message of the past made calls; all of them are well formed.</summary>
    public static bool CheckCalls(JsonFields message)
    {
        bool any = false;
        foreach ((JsonElement item, string path) in message.Items("tool_calls", "an array of tool calls") ?? [])
        {
            var call = new JsonFields(item, path);
            call.RequireText("id");
            RequireFunctionType(call);
            var function = new JsonFields(call.Require("function"), call.PathOf("function"));
            function.RequireText("name");
            function.RequireText("arguments");
            any = true;
        }
        return any;
    }

    /// <param name="strict">Path of the first field that asks for arguments valid by the schema; null while there is none.</param>
    private static string CheckDefinition(JsonFields tool, ref string? strict)
    {
        RequireFunctionType(tool);
        var function = new JsonFields(tool.Require("function"), tool.PathOf("function"));
        function.Text("description");
        if (function.Find("parameters") is { } parameters)
            _ = new JsonFields(parameters, function.PathOf("parameters"));
        if (function.Boolean("strict") == true)
            strict ??= function.PathOf("strict");
        string name = function.RequireText("name");
        return name.Length > 0 ? name : throw FieldError.WrongValue(function.Require("name"), function.PathOf("name"), "a name");
    }

    private static void RequireFunctionType(JsonFields owner)
    {
        if (owner.RequireText("type") != "function")
            throw FieldError.Unsupported(owner.PathOf("type"), "\"function\"");
    }

    private static ToolChoice ReadChoice(JsonFields fields, List<string> names)
    {
        const string allowed = "\"auto\", \"none\", \"required\" or an object that names a function";
        switch (fields.Find("tool_choice"))
        {
            case null:
                return ToolChoice.Auto;
            case { ValueKind: JsonValueKind.String } word:
                return word.GetString() switch
                {
                    "auto" => ToolChoice.Auto,
                    "none" => ToolChoice.None,
                    "required" when names.Count > 0 => ToolChoice.Required,
                    "required" => throw new InvalidRequestException(
                        "'tool_choice' is \"required\", but there are no 'tools'.", "tool_choice", "invalid_value"),
                    _ => throw FieldError.WrongValue(word, "tool_choice", allowed),
                };
            case { } choice:
                var only = new JsonFields(choice, "tool_choice");
                RequireFunctionType(only);
                var function = new JsonFields(only.Require("function"), "tool_choice.function");
                RequireKnown(function, names);
                return ToolChoice.Only(function.RequireText("name"));
        }
    }

    private static void RequireKnown(JsonFields function, List<string> names)
    {
        if (!names.Contains(function.RequireText("name")))
            throw FieldError.WrongValue(function.Require("name"), function.PathOf("name"), "the name of one of the tools");
    }
}

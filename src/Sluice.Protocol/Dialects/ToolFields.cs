using System.Text.Json;

namespace Sluice.Protocol.Dialects;

/// <summary>
/// Tools of an OpenAI conversation. The model is shown them through its chat template; what it answers is returned as text, so a choice
/// that would have to force or to forbid the shape of that text is refused.
/// </summary>
internal static class ToolFields
{
    private const int MaxTools = 128;

    public static readonly string[] Names = ["tools", "tool_choice"];

    /// <summary>The definitions that the model shall see; null where there are none or the client said "none".</summary>
    public static JsonElement? Read(JsonFields fields)
    {
        var names = new List<string>();
        foreach ((JsonElement tool, string path) in fields.Items("tools", "an array of tools") ?? [])
        {
            if (names.Count == MaxTools)
                throw FieldError.TooMany("tools", MaxTools, "tools");
            names.Add(CheckDefinition(new JsonFields(tool, path)));
        }
        return AllowsTools(fields, names) && names.Count > 0 ? fields.Find("tools") : null;
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

    private static string CheckDefinition(JsonFields tool)
    {
        RequireFunctionType(tool);
        var function = new JsonFields(tool.Require("function"), tool.PathOf("function"));
        function.Text("description");
        if (function.Find("parameters") is { } parameters)
            _ = new JsonFields(parameters, function.PathOf("parameters"));
        if (function.Boolean("strict") == true)
            throw FieldError.Unsupported(function.PathOf("strict"), "false");
        string name = function.RequireText("name");
        return name.Length > 0 ? name : throw FieldError.WrongValue(function.Require("name"), function.PathOf("name"), "a name");
    }

    private static void RequireFunctionType(JsonFields owner)
    {
        if (owner.RequireText("type") != "function")
            throw FieldError.Unsupported(owner.PathOf("type"), "\"function\"");
    }

    private static bool AllowsTools(JsonFields fields, List<string> names)
    {
        const string allowed = "\"auto\" or \"none\"";
        switch (fields.Find("tool_choice"))
        {
            case null:
                return true;
            case { ValueKind: JsonValueKind.String } word:
                return word.GetString() switch
                {
                    "auto" => true,
                    "none" => false,
                    "required" => throw FieldError.Unsupported("tool_choice", allowed),
                    _ => throw FieldError.WrongValue(word, "tool_choice", allowed),
                };
            case { } choice:
                if (new JsonFields(choice, "tool_choice").Find("function") is { } function)
                    RequireKnown(new JsonFields(function, "tool_choice.function"), names);
                throw FieldError.Unsupported("tool_choice", allowed);
        }
    }

    private static void RequireKnown(JsonFields function, List<string> names)
    {
        if (!names.Contains(function.RequireText("name")))
            throw FieldError.WrongValue(function.Require("name"), function.PathOf("name"), "the name of one of the tools");
    }
}

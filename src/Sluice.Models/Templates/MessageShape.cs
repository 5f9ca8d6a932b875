using System.Text.Json;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates;

/// <summary>Which shape of message a template can read, found by rendering small conversations, and messages brought into it.</summary>
internal sealed class MessageShape
{
    private const string Needle = "NEEDLE";
    private const string Tools = """
        [{"type":"function","function":{"name":"find","description":"Finds.","parameters":{"type":"object",
          "properties":{"needle":{"type":"string","description":"What to find."}},"required":["needle"]}}}]
        """;

    private static readonly StringValue Content = new("content");
    private static readonly StringValue Type = new("type");
    private static readonly StringValue PartText = new("text");
    private static readonly StringValue ToolCalls = new("tool_calls");
    private static readonly StringValue Function = new("function");
    private static readonly StringValue Arguments = new("arguments");

    private readonly bool _takesText;
    private readonly bool _takesParts;
    private readonly bool _takesArgumentObjects;

    private MessageShape(bool takesText, bool takesParts, bool takesArgumentObjects) =>
        (_takesText, _takesParts, _takesArgumentObjects) = (takesText, takesParts, takesArgumentObjects);

    public static MessageShape Find(ChatTemplate template, KeyValuePair<string, string>[] specialTokens)
    {
        return new MessageShape(
            Try($$"""[{"role":"user","content":"{{Needle}}"}]""") is { } text && text.Contains(Needle, StringComparison.Ordinal),
            Try($$"""[{"role":"user","content":[{"type":"text","text":"{{Needle}}"}]}]""") is { } parts && ShowsPart(parts),
            ShowsCall("{\"needle\": \"straw\"}") || !ShowsCall("\"{\\\"needle\\\": \\\"straw\\\"}\""));

        // Some templates look for calls only where there is text, others only where there is none.
        bool ShowsCall(string arguments) => ShowsArgument(Try(Call(arguments, "\"\""))) || ShowsArgument(Try(Call(arguments, "null")));

        string? Try(string messages)
        {
            var context = new TemplateContext();
            foreach ((string name, string spelling) in specialTokens)
                context.Set(name, spelling);
            context.Set("messages", Parse(messages));
            context.Set("tools", Parse(Tools));
            context.Set("add_generation_prompt", true);
            try
            {
                return template.Render(context);
            }
            catch (TemplateException)
            {
                return null;
            }
        }
    }

    /// <summary>The message as the template reads it; unchanged where it fits already.</summary>
    public Value Fit(Value message)
    {
        if (message is not DictValue dict)
            return message;
        if (dict.Item(Content) is ListValue parts && !_takesParts)
            dict = dict.With(Content, Joined(parts));
        else if (dict.Item(Content) is StringValue text && !_takesText && _takesParts)
            dict = dict.With(Content, new ListValue([Part(text)]));
        if (_takesArgumentObjects && dict.Item(ToolCalls) is ListValue calls)
            dict = dict.With(ToolCalls, new ListValue(Array.ConvertAll(calls.Items, WithArgumentObject)));
        return dict;
    }

    private static DictValue Part(StringValue text) =>
        new(new OrderedDictionary<Value, Value> { [Type] = new StringValue("text"), [PartText] = text });

    private static StringValue Joined(ListValue parts)
    {
        if (Array.Find(parts.Items, part => part.Item(PartText) is not StringValue) is { } other)
        {
            string type = other.Item(Type) is StringValue name ? name.Content : other.TypeName;
            throw new TemplateException($"this model takes text only, not content of type '{type}'", 0, 0, raisedByTemplate: true);
        }
        return new StringValue(string.Join('\n', parts.Items.Select(part => ((StringValue)part.Item(PartText)!).Content)));
    }

    private static Value WithArgumentObject(Value call) =>
        call is DictValue dict && dict.Item(Function) is DictValue function && function.Item(Arguments) is StringValue text
            ? dict.With(Function, function.With(Arguments, ParsedOr(text)))
            : call;

    /// <summary>What the text spells in JSON, if it is an object; models do write what is none.</summary>
    private static Value ParsedOr(StringValue text)
    {
        try
        {
            JsonElement json = Parse(text.Content);
            return json.ValueKind == JsonValueKind.Object ? TemplateContext.Convert("arguments", json) : text;
        }
        catch (JsonException)
        {
            return text;
        }
    }

    /// <summary>A template that does not know parts may print the list itself, as Python or as JSON.</summary>
    private static bool ShowsPart(string prompt) => Shows(prompt, Needle, $"'{Needle}'", $"\"{Needle}\"");

    /// <summary>Whether the argument stands there as JSON or in a form of the template's own, but not as a Python dict or quoted twice.</summary>
    private static bool ShowsArgument(string? prompt) => prompt is not null && Shows(prompt, "straw", "{'needle'", "\\\"straw");

    private static bool Shows(string prompt, string wanted, string unwanted, string alsoUnwanted) =>
        prompt.Contains(wanted, StringComparison.Ordinal)
        && !prompt.Contains(unwanted, StringComparison.Ordinal) && !prompt.Contains(alsoUnwanted, StringComparison.Ordinal);

    private static string Call(string arguments, string content) => $$$"""
        [{"role":"user","content":"go"},
         {"role":"assistant","content":{{{content}}},"tool_calls":[
           {"id":"call00001","type":"function","function":{"name":"find","arguments":{{{arguments}}}}}]},
         {"role":"tool","tool_call_id":"call00001","name":"find","content":"found"}]
        """;

    private static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}

using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Local.Answers;

/// <summary>What the client says about thinking, under the names that chat templates look for. Templates pass over those they do not know.</summary>
internal static class ThoughtVariables
{
    private static readonly JsonElement True = JsonElement.Parse("true"), False = JsonElement.Parse("false");
    private static readonly JsonElement Enabled = JsonElement.Parse("\"enabled\""), Disabled = JsonElement.Parse("\"disabled\"");

    /// <summary>The request's template variables, which win, and those.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Of(CompletionRequest view)
    {
        var thinking = view.Thinking;
        if (thinking is { Enabled: null, Effort: null })
            return view.TemplateVariables;
        var variables = new Dictionary<string, JsonElement>();
        if (thinking.Enabled is { } thinks)
        {
            variables["enable_thinking"] = variables["thinking"] = thinks ? True : False;
            variables["thinking_mode"] = thinks ? Enabled : Disabled; // MiniMax
        }
        if (thinking.Effort is { } effort)
            variables["reasoning_effort"] = JsonElement.Parse($"\"{JsonEncodedText.Encode(effort)}\"");
        foreach (var (name, value) in view.TemplateVariables)
            variables[name] = value;
        return variables;
    }
}

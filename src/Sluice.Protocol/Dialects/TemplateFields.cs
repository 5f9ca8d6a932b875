using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>What a client tells the chat template, under vLLM's names, which are those of Hugging Face's transformers.</summary>
internal static class TemplateFields
{
    private const string Opens = "add_generation_prompt";
    private const string Continues = "continue_final_message";
    private const string Variables = "chat_template_kwargs";

    public static readonly string[] Names = [Opens, Continues, Variables];

    // Told the template elsewhere in the request, where they are checked.
    private static readonly string[] Taken = ["messages", "tools", Opens, Continues];

    public static CompletionRequest Read(JsonFields fields, CompletionRequest view)
    {
        bool continues = fields.Boolean(Continues) ?? false;
        bool opens = fields.Boolean(Opens) ?? !continues;
        return continues && opens
            ? throw new InvalidRequestException($"'{Continues}' and '{Opens}' cannot both be true.", Continues, "invalid_value")
            : view with { ContinueFinalMessage = continues, AddGenerationPrompt = opens, TemplateVariables = ReadVariables(fields) };
    }

    private static Dictionary<string, JsonElement> ReadVariables(JsonFields fields)
    {
        var variables = new Dictionary<string, JsonElement>();
        if (fields.Find(Variables) is not { } value)
            return variables;
        var given = new JsonFields(value, Variables);
        foreach (string name in Taken)
        {
            if (given.Find(name) is not null)
                throw new InvalidRequestException($"'{given.PathOf(name)}' has a place of its own: send '{name}' beside '{Variables}'.", given.PathOf(name), "invalid_value");
        }
        foreach (JsonProperty variable in value.EnumerateObject())
            variables[variable.Name] = variable.Value;
        return variables;
    }
}

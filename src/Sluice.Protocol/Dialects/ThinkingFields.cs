using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>
/// What a client says about the model's thinking: OpenAI's <c>reasoning_effort</c>, llama.cpp's <c>reasoning_format</c> and
/// <c>thinking_budget_tokens</c>, and the switch that chat templates have.
/// </summary>
internal static class ThinkingFields
{
    private const string Effort = "reasoning_effort", Budget = "thinking_budget_tokens", Format = "reasoning_format";
    private const string None = "none";

    // The switch that most templates have, as vLLM and transformers pass it.
    private const string Switch = "enable_thinking";

    public static readonly string[] Names = [Effort, Budget, Format];

    private static readonly string[] Efforts = [None, "minimal", "low", "medium", "high", "xhigh", "max"];
    private static readonly string[] Formats = [None, "auto", "deepseek"];

    /// <param name="view">With its template variables.</param>
    public static CompletionRequest Read(JsonFields fields, CompletionRequest view)
    {
        string? effort = ReadWord(fields, Effort, Efforts);
        bool? enabled = view.TemplateVariables.TryGetValue(Switch, out var given) && given.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? given.ValueKind == JsonValueKind.True
            : effort == None ? false : null;
        return view with
        {
            Thinking = new ThinkingOptions
            {
                Enabled = enabled,
                Effort = effort == None ? null : effort,
                BudgetTokens = fields.Integer(Budget, 0),
                InText = ReadWord(fields, Format, Formats) == None,
            },
        };
    }

    private static string? ReadWord(JsonFields fields, string name, string[] words)
    {
        if (fields.Text(name) is not { } word)
            return null;
        return words.Contains(word)
            ? word
            : throw FieldError.WrongValue(fields.Require(name), name, "one of " + string.Join(", ", words));
    }
}

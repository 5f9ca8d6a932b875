using System.Text.Json;

namespace Sluice.Models.Templates;

/// <summary>A conversation as a template sees it.</summary>
public sealed record ChatPrompt
{
    /// <summary>Messages as the client wrote them, each an object; fields beyond role and content reach the template too.</summary>
    public required IReadOnlyList<JsonElement> Messages { get; init; }

    /// <summary>Tool definitions as the client wrote them, an array.</summary>
    public JsonElement? Tools { get; init; }

    /// <summary>Documents for templates that take them, an array.</summary>
    public JsonElement? Documents { get; init; }

    public ChatEnding Ending { get; init; } = ChatEnding.AssistantTurn;

    /// <summary>Whether the model is to think first, for templates that have a switch; null leaves the template its default.</summary>
    public bool? EnableThinking { get; init; }

    /// <summary>Further variables (chat_template_kwargs); they win over those above.</summary>
    public IReadOnlyDictionary<string, JsonElement> Variables { get; init; } = new Dictionary<string, JsonElement>();
}

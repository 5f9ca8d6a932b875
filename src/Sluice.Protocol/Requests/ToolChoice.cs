namespace Sluice.Protocol.Requests;

/// <summary>What the client says about calling its tools.</summary>
/// <param name="Mode">Whether the model may or must call.</param>
/// <param name="Name">The one tool that it must call; null where it may choose among all.</param>
public sealed record ToolChoice(ToolChoiceMode Mode, string? Name = null)
{
    /// <summary>The model calls tools where it wants to.</summary>
    public static ToolChoice Auto { get; } = new(ToolChoiceMode.Auto);

    public static ToolChoice None { get; } = new(ToolChoiceMode.None);

    /// <summary>At least one call, of any tool.</summary>
    public static ToolChoice Required { get; } = new(ToolChoiceMode.Required);

    public static ToolChoice Only(string name) => new(ToolChoiceMode.Required, name);
}

namespace Sluice.Engine.Scheduling;

/// <summary>How many prompt tokens a step may compute.</summary>
/// <param name="Beside">In a step from which somebody gets a token.</param>
/// <param name="Alone">In a step that only brings prompts forward.</param>
internal readonly record struct PromptLimits(int Beside, int Alone);

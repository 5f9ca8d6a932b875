namespace Sluice.Cli.Load;

/// <summary>One request of a trace.</summary>
/// <param name="Index">From 0, in order of arrival.</param>
/// <param name="At">When it arrives, from the start of the run; zero where it starts when another one has ended.</param>
/// <param name="PromptTokens">Of its own, behind the shared prefix.</param>
/// <param name="PromptRange">Which range of the mix that is.</param>
/// <param name="OutputTokens">At most.</param>
/// <param name="Prefix">Which of the shared prefixes it has.</param>
/// <param name="TextSeed">What its own words are drawn from.</param>
internal sealed record PlannedRequest(
    int Index, TimeSpan At, int PromptTokens, int PromptRange, int OutputTokens, int Prefix, int TextSeed);

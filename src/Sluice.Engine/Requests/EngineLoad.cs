namespace Sluice.Engine.Requests;

/// <summary>What an engine is doing at one moment, for routing and metrics.</summary>
/// <param name="Running">Sequences in the current step set.</param>
/// <param name="Waiting">Requests not started yet.</param>
/// <param name="WaitingTokens">Their prompt tokens.</param>
/// <param name="FreeBlocks">KV blocks that can be taken.</param>
/// <param name="Blocks">All KV blocks.</param>
/// <param name="Preemptions">Sequences put back into the queue so far for want of blocks.</param>
/// <param name="PromptTokens">Prompt tokens computed so far.</param>
/// <param name="CachedTokens">Prompt tokens taken from the prefix cache so far.</param>
/// <param name="GeneratedTokens">Tokens sampled so far.</param>
public readonly record struct EngineLoad(
    int Running, int Waiting, long WaitingTokens, int FreeBlocks, int Blocks, long Preemptions, long PromptTokens, long CachedTokens, long GeneratedTokens);

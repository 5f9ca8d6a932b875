using Sluice.Engine.Speculation;

namespace Sluice.Engine.Requests;

/// <summary>What an engine is doing at one moment, for routing and metrics.</summary>
/// <param name="Running">Sequences in the current step set.</param>
/// <param name="Waiting">Requests not started yet.</param>
/// <param name="WaitingTokens">Their prompt tokens.</param>
/// <param name="Preemptions">Sequences put back into the queue so far for want of blocks.</param>
/// <param name="PromptTokens">Prompt tokens computed so far, those computed again after a preemption included.</param>
/// <param name="GeneratedTokens">Tokens sampled so far.</param>
/// <param name="Kv">The KV blocks.</param>
public readonly record struct EngineLoad(
    int Running, int Waiting, long WaitingTokens, long Preemptions, long PromptTokens, long GeneratedTokens, KvLoad Kv)
{
    /// <summary>Prompt tokens of those that run, still to be computed.</summary>
    public long PendingTokens { get; init; }

    /// <summary>Prompt tokens per second as of late, beside whatever else was computed; 0 while nothing is known.</summary>
    public double PromptTps { get; init; }

    /// <summary>What became of proposed tokens.</summary>
    public DraftLoad Drafts { get; init; }

    /// <summary>
    /// How long the prompts that are there already will take; null while nothing is known. A short prompt is let pass, so it waits less;
    /// one that finds all places taken by long answers waits more.
    /// </summary>
    public TimeSpan? ExpectedWait => WaitingTokens + PendingTokens == 0 ? TimeSpan.Zero
        : PromptTps > 0 ? TimeSpan.FromSeconds((WaitingTokens + PendingTokens) / PromptTps)
        : null;

    /// <summary>KV blocks that can be taken.</summary>
    public int FreeBlocks => Kv.FreeBlocks;

    /// <summary>All KV blocks.</summary>
    public int Blocks => Kv.Blocks;
}

using Sluice.Core;
using Sluice.Core.Errors;
using Sluice.Core.Steps;

namespace Sluice.Engine;

/// <summary>What an engine may use and how it steps. Checked when the engine is made.</summary>
public sealed record EngineOptions
{
    /// <summary>
    /// Most positions of one sequence, prompt and answer together; where the model was made for fewer, as many as it was made for.
    /// </summary>
    public int ContextTokens { get; init; } = 4096;

    /// <summary>Whether the context may be longer than the model was made for. What it says beyond that is worth little.</summary>
    public bool BeyondTraining { get; init; }

    /// <summary>Most sequences in one step.</summary>
    public int MaxSequences { get; init; } = 16;

    /// <summary>Most tokens in one step: longer prompts are computed in chunks, between other sequences' tokens.</summary>
    public int MaxStepTokens { get; init; } = 512;

    /// <summary>
    /// How long a step should take from which somebody gets a token, in ms: prompts beside it are computed in chunks that fit. The first
    /// token of a short prompt, the pace of a stream and the end of an abort wait about as long.
    /// </summary>
    public int StepTargetMs { get; init; } = 100;

    /// <summary>When waiting requests join those that run.</summary>
    public Batching Batching { get; init; }

    /// <summary>Most requests that wait; beyond it a submission is refused.</summary>
    public int MaxQueue { get; init; } = 256;

    /// <summary>Stored type of K and V; the backend says which it can.</summary>
    public DType KvType { get; init; } = DType.F16;

    /// <summary>Positions per KV block.</summary>
    public int BlockTokens { get; init; } = 16;

    /// <summary>
    /// Most bytes of KV; 0 plans with half of what is free of the device's memory. Fewer are taken if all sequences at full context need
    /// fewer; a budget that does not hold one of them is refused.
    /// </summary>
    public long KvBytes { get; init; }

    /// <summary>
    /// Folder for a file of cached blocks that memory has no room for, read back when a request needs them; null for none. The file ends
    /// with the engine.
    /// </summary>
    public string? KvCacheFolder { get; init; }

    /// <summary>Bytes of that file, taken when the engine is made; where they are used up, what was used longest ago makes room.</summary>
    public long KvCacheBytes { get; init; } = 4L << 30;

    /// <summary>
    /// What requests keep that do not choose themselves: everything, or some first and most recent positions. The rest is dropped, which
    /// makes room for longer contexts and more sequences and costs what the model would have taken from it.
    /// </summary>
    public KvRetention Retention { get; init; }

    /// <summary>Whether blocks of finished sequences serve later requests with the same prefix.</summary>
    public bool PrefixCache { get; init; } = true;

    /// <summary>
    /// How tokens are proposed ahead for every request, to be checked several in one step: a name that
    /// <see cref="Speculation.DraftRegistry"/> knows, null for not at all. The answers are the same either way.
    /// </summary>
    public string? Draft { get; init; }

    /// <summary>Most tokens proposed ahead for one sequence; fewer where they fare badly or many sequences share a step.</summary>
    public int DraftTokens { get; init; } = 16;

    /// <summary>Most proposed tokens in one step.</summary>
    internal int DraftRows => Math.Min(StepTokens, Math.Max(2 * DraftTokens, MaxSequences));

    /// <summary>Most tokens in one step that there can be: a decode of all sequences must fit.</summary>
    internal int StepTokens => Math.Max(MaxStepTokens, MaxSequences);

    /// <summary>
    /// Whether requests that must get the same answer are computed once: same tenant, prompt, limits, and greedy or of the same seed.
    /// </summary>
    public bool MergeIdentical { get; init; } = true;

    /// <exception cref="SluiceException">An option is out of its range; the message names it.</exception>
    internal void Validate()
    {
        Check(nameof(ContextTokens), ContextTokens, 1, int.MaxValue / 2);
        Check(nameof(MaxSequences), MaxSequences, 1, 1024);
        Check(nameof(MaxStepTokens), MaxStepTokens, 1, 65536);
        Check(nameof(StepTargetMs), StepTargetMs, 1, 60_000);
        Check(nameof(MaxQueue), MaxQueue, 1, 1_000_000);
        Check(nameof(BlockTokens), BlockTokens, 8, 256);
        Check(nameof(KvBytes), KvBytes, 0, long.MaxValue);
        Check(nameof(KvCacheBytes), KvCacheBytes, 1, long.MaxValue);
        Check(nameof(DraftTokens), DraftTokens, 1, 64);
        Retention.Validate();

        static void Check(string name, long value, long least, long most)
        {
            if (value < least || value > most)
                throw new SluiceException($"{name} is {value}; it must be between {least} and {most}");
        }
    }
}

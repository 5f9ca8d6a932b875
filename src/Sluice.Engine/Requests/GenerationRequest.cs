using Sluice.Engine.Constraints;
using Sluice.Engine.Sampling;

namespace Sluice.Engine.Requests;

/// <summary>What to generate.</summary>
public sealed record GenerationRequest
{
    /// <summary>From <see cref="LlmEngine.Prepare"/>.</summary>
    public required Prompt Prompt { get; init; }

    public SamplingOptions Sampling { get; init; } = SamplingOptions.Greedy;

    /// <summary>Most tokens to generate; the context's end comes first if it is nearer.</summary>
    public int MaxTokens { get; init; } = int.MaxValue;

    /// <summary>Tokens that end the answer; they are reported as its last token.</summary>
    public IReadOnlySet<int> StopTokens { get; init; } = new HashSet<int>();

    /// <summary>What the answer may say; null for anything. An answer to which nothing can be added ends like one that stopped.</summary>
    public ITokenGrammar? Grammar { get; init; }

    /// <summary>How many of the most likely tokens each event names beside how likely its own was; null for neither.</summary>
    public int? Logprobs { get; init; }

    /// <summary>
    /// What the client expects the answer to say, as token ids: proposed to the model where the answer agrees with it so far. It makes an
    /// answer faster that does and never changes one.
    /// </summary>
    public ReadOnlyMemory<int> Prediction { get; init; }

    /// <summary>
    /// Higher is admitted first and put back last; equals in the order they came. From -8 to 8, what is beyond counts as the nearest.
    /// Waiting makes up for it: see <see cref="Scheduling.Turn"/>.
    /// </summary>
    public int Priority { get; init; }

    /// <summary>When the answer is worth nothing any more: it is ended then, whether it waits or runs. Null for never.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Whether its prompt stays cached after everything that is not pinned; at most a quarter of the blocks is.</summary>
    public bool PinPrompt { get; init; }

    /// <summary>Whose share of the engine it uses; null is a tenant like any other.</summary>
    public string? Tenant { get; init; }
}

namespace Sluice.Engine.Sampling;

/// <summary>
/// How a token is drawn from logits. Each step is off at its default; docs/sampling.md has their order and their sources.
/// </summary>
public sealed record SamplingOptions
{
    /// <summary>Always the most likely token.</summary>
    public static SamplingOptions Greedy { get; } = new() { Temperature = 0 };

    /// <summary>Added to the logits of single tokens.</summary>
    public IReadOnlyList<TokenBias> LogitBias { get; init; } = [];

    /// <summary>The tokens that end an answer are forbidden until it has this many.</summary>
    public int MinTokens { get; init; }

    /// <summary>The tokens that end an answer are forbidden for good.</summary>
    public bool IgnoreEnd { get; init; }

    /// <summary>Divides positive and multiplies negative logits of tokens seen in prompt or answer; 1 is off.</summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Subtracted once per earlier occurrence in the answer; 0 is off.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Subtracted once if the token occurred in the answer; 0 is off.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>
    /// All three penalties look at this many last tokens of prompt and answer; below 0 at all of them; null where each keeps to its own.
    /// </summary>
    public int? PenaltyWindow { get; init; }

    /// <summary>Strength of DRY, which keeps from repeating sequences; 0 is off.</summary>
    public float DryMultiplier { get; init; }

    /// <summary>How much harder each further token of a repetition is punished; at least 1.</summary>
    public float DryBase { get; init; } = 1.75f;

    /// <summary>The longest repetition that goes unpunished.</summary>
    public int DryAllowedLength { get; init; } = 2;

    /// <summary>How many last tokens DRY looks at; below 0 all.</summary>
    public int DryWindow { get; init; } = -1;

    /// <summary>What no repetition reaches over.</summary>
    public DryBreakers DryBreakers { get; init; } = DryBreakers.None;

    /// <summary>Logits are divided by it; 0 takes the most likely token.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>The temperature goes this far below and above by the entropy; 0 is off.</summary>
    public float TemperatureRange { get; init; }

    /// <summary>How the entropy's share of its largest value becomes the place in that range.</summary>
    public float TemperatureExponent { get; init; } = 1;

    /// <summary>Only tokens within so many standard deviations of the largest logit; 0 is off.</summary>
    public float TopNSigma { get; init; }

    /// <summary>Only the k most likely; 0 is off.</summary>
    public int TopK { get; init; }

    /// <summary>Only the tokens nearest to the entropy that together exceed this probability; 1 is off.</summary>
    public float TypicalP { get; init; } = 1;

    /// <summary>Only the most likely that together reach this probability; 1 is off.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Only tokens at least this likely relative to the most likely; 0 is off.</summary>
    public float MinP { get; init; }

    /// <summary>How often XTC leaves out all but the least likely of the tokens that reach its threshold; 0 is off.</summary>
    public float XtcProbability { get; init; }

    /// <summary>The probability that XTC looks for; above 0.5 it is off.</summary>
    public float XtcThreshold { get; init; } = 0.1f;

    /// <summary>Version of mirostat, 1 or 2, which takes the place of all filters but the temperature; 0 is off.</summary>
    public int Mirostat { get; init; }

    /// <summary>The surprise per token that mirostat aims at, in bits.</summary>
    public float MirostatTau { get; init; } = 5;

    /// <summary>How fast mirostat learns.</summary>
    public float MirostatEta { get; init; } = 0.1f;

    /// <summary>Top-p, min-p, typical and XTC leave at least so many tokens.</summary>
    public int MinKeep { get; init; }

    /// <summary>Same seed, same draws. Null takes one from the request's own number.</summary>
    public ulong? Seed { get; init; }
}

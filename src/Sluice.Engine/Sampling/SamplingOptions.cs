namespace Sluice.Engine.Sampling;

/// <summary>How a token is drawn from logits. Steps apply in the order of the properties; each is off at its default.</summary>
public sealed record SamplingOptions
{
    /// <summary>Always the most likely token.</summary>
    public static SamplingOptions Greedy { get; } = new() { Temperature = 0 };

    /// <summary>Divides positive and multiplies negative logits of tokens seen in prompt or answer (Keskar et al. 2019); 1 is off.</summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Subtracted once per earlier occurrence in the answer (OpenAI's definition); 0 is off.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Subtracted once if the token occurred in the answer (OpenAI's definition); 0 is off.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Logits are divided by it; 0 takes the most likely token.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Only the k most likely; 0 is off.</summary>
    public int TopK { get; init; }

    /// <summary>Only the most likely that together reach this probability (Holtzman et al. 2020); 1 is off.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Only tokens at least this likely relative to the most likely (Nguyen et al. 2024); 0 is off.</summary>
    public float MinP { get; init; }

    /// <summary>Same seed, same draws. Null takes one from the request's own number.</summary>
    public ulong? Seed { get; init; }
}

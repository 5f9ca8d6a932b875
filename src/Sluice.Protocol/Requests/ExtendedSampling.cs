namespace Sluice.Protocol.Requests;

/// <summary>
/// Ways of drawing that OpenAI does not have, by the names of llama.cpp and vLLM. Null means that the client did not say. Ranges hold for
/// every view that a dialect made; docs/sampling.md says what each does.
/// </summary>
public sealed record ExtendedSampling
{
    /// <summary>At least 0.</summary>
    public int? MinTokens { get; init; }

    public bool? IgnoreEnd { get; init; }

    /// <summary>At least -1, which is the whole text.</summary>
    public int? RepeatLastN { get; init; }

    /// <summary>0 to 10.</summary>
    public float? DynamicRange { get; init; }

    /// <summary>0 to 10.</summary>
    public float? DynamicExponent { get; init; }

    /// <summary>0 to 100.</summary>
    public float? TopNSigma { get; init; }

    /// <summary>0 to 1.</summary>
    public float? TypicalP { get; init; }

    /// <summary>0 to 1.</summary>
    public float? XtcProbability { get; init; }

    /// <summary>0 to 1.</summary>
    public float? XtcThreshold { get; init; }

    /// <summary>At least 0.</summary>
    public int? MinKeep { get; init; }

    /// <summary>0 to 100.</summary>
    public float? DryMultiplier { get; init; }

    /// <summary>1 to 100.</summary>
    public float? DryBase { get; init; }

    /// <summary>At least 0.</summary>
    public int? DryAllowedLength { get; init; }

    /// <summary>At least -1, which is the whole text.</summary>
    public int? DryLastN { get; init; }

    /// <summary>At most 8 texts of 1 to 40 characters.</summary>
    public IReadOnlyList<string>? DryBreakers { get; init; }

    /// <summary>0, 1 or 2.</summary>
    public int? Mirostat { get; init; }

    /// <summary>0 to 100.</summary>
    public float? MirostatTau { get; init; }

    /// <summary>0 to 1.</summary>
    public float? MirostatEta { get; init; }
}

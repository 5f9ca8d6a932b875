using Sluice.Core;
using Sluice.Engine;

namespace Sluice.Local;

/// <summary>How a model is opened.</summary>
public sealed record LocalModelOptions
{
    /// <summary>Public name; null takes the model's file or folder name.</summary>
    public string? Name { get; init; }

    /// <summary>What its engine may use and how it steps.</summary>
    public EngineOptions Engine { get; init; } = new();

    /// <summary>For one caller at a time: one sequence with as much of the model's context as <paramref name="contextTokens"/> allows.</summary>
    public static LocalModelOptions Single(int contextTokens = 8192, DType kvType = DType.F16) =>
        new() { Engine = new EngineOptions { ContextTokens = contextTokens, MaxSequences = 1, MaxQueue = 1, KvType = kvType } };
}

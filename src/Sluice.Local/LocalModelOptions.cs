using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Engine;
using Sluice.Models;
using Sluice.Models.Architectures;
using Sluice.Protocol.Sources;

namespace Sluice.Local;

/// <summary>How a model is opened.</summary>
public sealed record LocalModelOptions
{
    /// <summary>Public name; null takes the model's file or folder name.</summary>
    public string? Name { get; init; }

    /// <summary>What its engine may use and how it steps.</summary>
    public EngineOptions Engine { get; init; } = new();

    /// <summary>LoRA adapters that it is opened with; more can come and go later.</summary>
    public IReadOnlyList<AdapterInfo> Adapters { get; init; } = [];

    /// <summary>How positions become one embedding; null takes what the model's makers say, else <see cref="Pooling.Mean"/>.</summary>
    public Pooling? Pooling { get; init; }

    /// <summary>
    /// How tokens are proposed ahead: <see cref="LocalDraft.Ngram"/>, or a smaller model with the same tokenizer, by a name or path that
    /// <see cref="ModelLocator"/> knows; null takes what <see cref="EngineOptions.Draft"/> says.
    /// </summary>
    public string? Draft { get; init; }

    /// <summary>Name of the <see cref="Sluice.Models.Answers.AnswerFormat"/> of its answers; null finds it by its chat template.</summary>
    public string? AnswerFormat { get; init; }

    /// <summary>Puts something around the model before its engine gets it: for measuring. Disposing what it returns must dispose the model.</summary>
    public Func<ILanguageModel, IBackend, ILanguageModel>? Around { get; init; }

    /// <summary>For one caller at a time: one sequence with as much of the model's context as <paramref name="contextTokens"/> allows.</summary>
    public static LocalModelOptions Single(int contextTokens = 8192, DType kvType = DType.F16) =>
        new() { Engine = new EngineOptions { ContextTokens = contextTokens, MaxSequences = 1, MaxQueue = 1, KvType = kvType } };
}

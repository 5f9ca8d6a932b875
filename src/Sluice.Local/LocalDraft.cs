using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Core.Memory;
using Sluice.Core.Ranks;
using Sluice.Engine;
using Sluice.Models;
using Sluice.Models.Architectures;
using Sluice.Models.Tokenizers;

namespace Sluice.Local;

/// <summary>A smaller model that writes ahead for another one on the same backend: its files and its weights.</summary>
public sealed class LocalDraft : IDisposable
{
    /// <summary>Stands for a draft without a model: what followed the same words before.</summary>
    public const string Ngram = "ngram";

    private readonly ModelPackage _package;
    private readonly MemoryLease _weights;

    private LocalDraft(ModelPackage package, MemoryLease weights, ILanguageModel model)
    {
        _package = package;
        _weights = weights;
        Model = model;
    }

    internal ILanguageModel Model { get; }

    /// <summary>The engine's options for a kind of draft.</summary>
    /// <param name="draft">As <see cref="LocalModelOptions.Draft"/> has it.</param>
    internal static EngineOptions Options(EngineOptions options, string? draft) =>
        draft is null ? options : options with { Draft = draft == Ngram ? Ngram : "model" };

    /// <summary>Opens the model that a kind of draft needs; null where it needs none.</summary>
    /// <param name="main">The model that it writes ahead for.</param>
    /// <exception cref="SluiceException">It cannot be used, or reads other tokens than the main one.</exception>
    internal static LocalDraft? Open(string? draft, ModelPackage main, IComputeDevice device, IBackend backend)
    {
        if (draft is null or Ngram)
            return null;
        var package = ModelPackage.Open(ModelLocator.Resolve(draft));
        MemoryLease? weights = null;
        try
        {
            RequireSameTokens(draft, package.Tokenizer, main.Tokenizer);
            weights = device.Memory.Lease(package.TensorBytes, $"the weights of the draft model '{ModelLocator.NameOf(draft)}'");
            return new LocalDraft(package, weights, package.Build(backend, SingleRank.Instance));
        }
        catch
        {
            weights?.Dispose();
            package.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Model.Dispose();
        _weights.Dispose();
        _package.Dispose();
    }

    /// <summary>Vocabularies may end in unused tokens; what both have must be the same.</summary>
    private static void RequireSameTokens(string draft, ITokenizer own, ITokenizer main)
    {
        for (int id = 0; id < Math.Min(own.VocabularySize, main.VocabularySize); id++)
        {
            if (own.Spelling(id) != main.Spelling(id))
            {
                throw new SluiceException($"'{draft}' cannot draft for this model: token {id} is '{own.Spelling(id)}' there and " +
                    $"'{main.Spelling(id)}' here; take a draft model with the same tokenizer");
            }
        }
    }
}

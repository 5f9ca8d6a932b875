using System.Collections.Frozen;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Server;

/// <summary>Which source answers for which public model name. Immutable: a change is a new directory.</summary>
public sealed class ModelDirectory
{
    // A message that lists every name of a large installation helps nobody.
    private const int MostNamesInMessage = 20;

    private readonly FrozenDictionary<string, ICompletionSource> _byName;

    /// <exception cref="ArgumentException">Two sources answer to one name, or none answers to any.</exception>
    public ModelDirectory(params IReadOnlyList<ICompletionSource> sources) : this(sources, ReportersAmong(sources))
    {
    }

    /// <param name="reporters">Whose load is measured, by the name it is shown under: what lies behind the sources.</param>
    /// <exception cref="ArgumentException">Two sources answer to one name, or none answers to any.</exception>
    public ModelDirectory(IReadOnlyList<ICompletionSource> sources, IReadOnlyList<(string Name, ILoadReporter Reporter)> reporters)
    {
        var byName = new Dictionary<string, ICompletionSource>(StringComparer.Ordinal);
        var models = new List<ModelInfo>();
        foreach (ICompletionSource source in sources)
        {
            foreach (string name in source.Info.Models)
            {
                if (!byName.TryAdd(name, source))
                {
                    string both = $"{byName[name].Info.Name} and {source.Info.Name}";
                    throw new ArgumentException($"The model name '{name}' is taken twice: by {both}.", nameof(sources));
                }
                models.Add(new ModelInfo(name, source.Info.Created, source.Info.Name));
            }
        }
        if (models.Count == 0)
            throw new ArgumentException("No source answers to any model name.", nameof(sources));
        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
        Models = models;
        Reporters = reporters;
    }

    public IReadOnlyList<(string Name, ILoadReporter Reporter)> Reporters { get; }

    /// <summary>In the order of their sources.</summary>
    public IReadOnlyList<ModelInfo> Models { get; }

    /// <exception cref="InvalidRequestException">404: nobody answers to that name; the message lists the known ones.</exception>
    public ICompletionSource Find(string model) =>
        _byName.TryGetValue(model, out ICompletionSource? source) ? source : throw NotFound(model);

    /// <exception cref="InvalidRequestException">404 as <see cref="Find"/>; 400: it makes no embeddings.</exception>
    public IEmbeddingSource FindEmbedding(string model) => Find(model) as IEmbeddingSource
        ?? throw new InvalidRequestException($"The model '{model}' makes no embeddings; name another one.", "model", "unsupported_model");

    /// <inheritdoc cref="Find"/>
    public ModelInfo Describe(string model) => Models.FirstOrDefault(known => known.Id == model) ?? throw NotFound(model);

    private static (string Name, ILoadReporter Reporter)[] ReportersAmong(IReadOnlyList<ICompletionSource> sources) =>
        [.. sources.Where(source => source is ILoadReporter).Select(source => (source.Info.Name, (ILoadReporter)source))];

    private InvalidRequestException NotFound(string model)
    {
        string known = string.Join(", ", Models.Take(MostNamesInMessage).Select(entry => entry.Id));
        string more = Models.Count > MostNamesInMessage ? ", …" : "";
        string asked = model.Length <= 100 ? model : string.Concat(model.AsSpan(0, 100), "…");
        return new InvalidRequestException(
            $"The model '{asked}' does not exist; known models: {known}{more}.", "model", "model_not_found", 404);
    }
}

using System.Collections.Frozen;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Server;

/// <summary>
/// Which source answers for which public model name. Immutable: a change is a new directory; but for the adapters of a source, which come
/// and go with it and are asked for anew each time.
/// </summary>
public sealed class ModelDirectory
{
    // A message that lists every name of a large installation helps nobody.
    private const int MostNamesInMessage = 20;

    /// <summary>Between a model's name and its adapter's.</summary>
    private const char AdapterMark = ':';

    private readonly FrozenDictionary<string, ICompletionSource> _byName;
    private readonly IReadOnlyList<ICompletionSource> _sources;

    /// <exception cref="ArgumentException">Two sources answer to one name, or none answers to any.</exception>
    public ModelDirectory(params IReadOnlyList<ICompletionSource> sources) : this(sources, ReportersAmong(sources))
    {
    }

    /// <param name="reporters">Whose load is measured, by the name it is shown under: what lies behind the sources.</param>
    /// <exception cref="ArgumentException">Two sources answer to one name, or none answers to any.</exception>
    public ModelDirectory(IReadOnlyList<ICompletionSource> sources, IReadOnlyList<(string Name, ILoadReporter Reporter)> reporters)
    {
        var byName = new Dictionary<string, ICompletionSource>(StringComparer.Ordinal);
        foreach (ICompletionSource source in sources)
        {
            foreach (string name in source.Info.Models)
            {
                if (!byName.TryAdd(name, source))
                {
                    string both = $"{byName[name].Info.Name} and {source.Info.Name}";
                    throw new ArgumentException($"The model name '{name}' is taken twice: by {both}.", nameof(sources));
                }
            }
        }
        if (byName.Count == 0)
            throw new ArgumentException("No source answers to any model name.", nameof(sources));
        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
        _sources = sources;
        Reporters = reporters;
    }

    public IReadOnlyList<(string Name, ILoadReporter Reporter)> Reporters { get; }

    /// <summary>In the order of their sources.</summary>
    public IReadOnlyList<ModelInfo> Models => [.. _sources.Select(source => source.Info)
        .SelectMany(info => info.Models.Select(name => new ModelInfo(name, info.Created, info.Name)))];

    /// <exception cref="InvalidRequestException">404: nobody answers to that name; the message lists the known ones.</exception>
    public ICompletionSource Find(string model)
    {
        if (_byName.TryGetValue(model, out ICompletionSource? source))
            return source is not IAdapterHost || source.Info.Models.Contains(model) ? source : throw NotFound(model);
        return Hosts.FirstOrDefault(host => host.Info.Models.Contains(model)) as ICompletionSource ?? throw NotFound(model);
    }

    /// <exception cref="InvalidRequestException">404 as <see cref="Find"/>; 400: it makes no embeddings.</exception>
    public IEmbeddingSource FindEmbedding(string model) => Find(model) as IEmbeddingSource
        ?? throw new InvalidRequestException($"The model '{model}' makes no embeddings; name another one.", "model", "unsupported_model");

    /// <exception cref="InvalidRequestException">404 as <see cref="Find"/>; 400: it scores no labels.</exception>
    public IScoringSource FindScoring(string model) => Find(model) as IScoringSource
        ?? throw new InvalidRequestException($"The model '{model}' scores no labels; name another one.", "model", "unsupported_model");

    /// <summary>Who has, or shall have, an adapter; and the adapter's own name.</summary>
    /// <param name="adapter">Its name, after that of its model where there are several.</param>
    /// <exception cref="InvalidRequestException">404: there is no such model; 400: it is not said whose, or that one takes
    /// none.</exception>
    public (IAdapterHost Host, string Adapter) FindAdapterHost(string adapter)
    {
        int mark = adapter.LastIndexOf(AdapterMark);
        if (mark >= 0)
        {
            string model = adapter[..mark];
            return Find(model) is IAdapterHost host ? (host, adapter[(mark + 1)..]) : throw new InvalidRequestException(
                $"The model '{model}' takes no adapters; name another one.", "lora_name", "unsupported_model");
        }
        return Hosts.ToArray() switch
        {
            [var only] => (only, adapter),
            [] => throw new InvalidRequestException("No model here takes adapters.", "lora_name", "unsupported_model"),
            [var first, ..] => throw new InvalidRequestException(
                $"Several models take adapters; say whose it is, as in '{first.Info.Name}{AdapterMark}{adapter}'.",
                "lora_name", "invalid_value"),
        };
    }

    private IEnumerable<IAdapterHost> Hosts => _sources.OfType<IAdapterHost>();

    /// <inheritdoc cref="Find"/>
    public ModelInfo Describe(string model) => Models.FirstOrDefault(known => known.Id == model) ?? throw NotFound(model);

    private static (string Name, ILoadReporter Reporter)[] ReportersAmong(IReadOnlyList<ICompletionSource> sources) =>
        [.. sources.Where(source => source is ILoadReporter).Select(source => (source.Info.Name, (ILoadReporter)source))];

    private InvalidRequestException NotFound(string model)
    {
        var models = Models;
        string known = string.Join(", ", models.Take(MostNamesInMessage).Select(entry => entry.Id));
        string more = models.Count > MostNamesInMessage ? ", …" : "";
        string asked = model.Length <= 100 ? model : string.Concat(model.AsSpan(0, 100), "…");
        return new InvalidRequestException(
            $"The model '{asked}' does not exist; known models: {known}{more}.", "model", "model_not_found", 404);
    }
}

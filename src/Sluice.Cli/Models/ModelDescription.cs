using Sluice.Core.Errors;
using Sluice.Core.Ranks;
using Sluice.Cpu;
using Sluice.Local;
using Sluice.Models;
using Sluice.Models.Architectures;
using Sluice.Models.Files;
using Sluice.Models.Tokenizers;

namespace Sluice.Cli.Models;

/// <summary>What the files of a model say, and whether it would run here.</summary>
internal sealed class ModelDescription
{
    public required string Path { get; init; }

    public required string Format { get; init; }

    public required IReadOnlyList<TensorInfo> Tensors { get; init; }

    public IReadOnlyList<MetadataEntry> Metadata { get; init; } = [];

    /// <summary>Null where the model does not run here.</summary>
    public ModelConfig? Config { get; init; }

    /// <summary>Why it does not run here; null where it does.</summary>
    public string? Obstacle { get; init; }

    public string? Template { get; init; }

    public ITokenizer? Tokenizer { get; private init; }

    /// <summary>Why there is no tokenizer; null where there is one.</summary>
    public string? TokenizerObstacle { get; private init; }

    public long Parameters => Tensors.Sum(tensor => tensor.Rows * tensor.Cols);

    public long WeightBytes => Tensors.Sum(tensor => tensor.Bytes);

    /// <summary>Stored types, the largest share first.</summary>
    public IEnumerable<(string Type, int Tensors, long Bytes)> Types => Tensors
        .GroupBy(tensor => tensor.Type)
        .Select(group => (group.Key.ToString(), group.Count(), group.Sum(tensor => tensor.Bytes)))
        .OrderByDescending(type => type.Item3);

    /// <summary>What a short answer to "what is this?" holds, in the order to tell it.</summary>
    public IReadOnlyList<(string Name, Fact Value)> Facts => [.. Files(), .. Shape(), .. Text()];

    /// <exception cref="SluiceException">The files are absent or damaged.</exception>
    public static ModelDescription Read(string model)
    {
        string path = ModelLocator.Resolve(model);
        string? obstacle = null;
        try
        {
            using var package = ModelPackage.Open(path);
            return Of(path, package.Format, package.Tensors, package.Metadata, package.Config, ObstacleTo(package), package.ChatTemplate,
                () => package.Tokenizer);
        }
        catch (UnsupportedModelException e)
        {
            obstacle = e.Message; // what it is can be told all the same; a damaged model is an error
        }
        switch (ModelPath.Detect(path))
        {
            case ModelPathKind.Gguf:
                using (var file = GgufFile.Open(path))
                {
                    return Of(path, "gguf", file, file.Metadata, null, obstacle, file.Metadata.String("tokenizer.chat_template"),
                        () => TokenizerLoader.FromGguf(file.Metadata));
                }

            case ModelPathKind.HuggingFaceFolder:
                var folder = HuggingFaceFolder.Open(path);
                using (ITensorCatalog tensors = folder.OpenTensors())
                    return Of(path, "safetensors", tensors, null, null, obstacle, folder.ChatTemplate, () => TokenizerLoader.FromFolder(path));

            case ModelPathKind.SafetensorsFile:
                using (var file = SafetensorsFile.Open(path))
                    return Of(path, "safetensors", file, null, null, obstacle, null, () => throw new ModelFileException(path, "weights alone"));

            default:
                throw new ModelFileException(path, "holds no model to inspect: name a .gguf file, a .safetensors file or a Hugging Face folder");
        }
    }

    /// <summary>Puts the model on a backend, which borrows its weights, to see whether every tensor is there, fits and computes.</summary>
    /// <exception cref="ModelFileException">A tensor is missing or has another shape.</exception>
    private static string? ObstacleTo(ModelPackage package)
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1 });
        using var backend = device.CreateBackend();
        try
        {
            package.Build(backend, SingleRank.Instance).Dispose();
            return null;
        }
        catch (SluiceException e) when (e is UnsupportedModelException or not ModelFileException)
        {
            return e.Message;
        }
    }

    private IEnumerable<(string, Fact)> Files()
    {
        yield return ("path", Path);
        yield return ("format", Format);
        yield return ("runs_here", Obstacle is null ? "yes" : $"no: {Obstacle}");
        yield return ("parameters", Parameters);
        yield return ("weight_bytes", WeightBytes);
        yield return ("types", string.Join(", ", Types.Select(type => $"{type.Type} ({type.Tensors} tensors, {type.Bytes:#,0} bytes)")));
    }

    private IEnumerable<(string, Fact)> Shape()
    {
        if (Config is null)
            yield break;
        yield return ("architecture", Config.Architecture);
        yield return ("layers", Config.Layers);
        yield return ("width", Config.Dim);
        yield return ("heads", Config.Heads);
        yield return ("kv_heads", Config.KvHeads);
        yield return ("head_width", Config.HeadDim);
        yield return ("feed_forward", Config.FeedForward);
        if (Config.Experts > 0)
        {
            yield return ("experts", Config.Experts);
            yield return ("experts_used", Config.ExpertsUsed);
        }
        yield return ("vocabulary", Config.Vocabulary);
        yield return ("context", Config.ContextLength);
    }

    private IEnumerable<(string, Fact)> Text()
    {
        if (Tokenizer is null)
        {
            yield return ("tokenizer", $"none: {TokenizerObstacle}");
        }
        else
        {
            yield return ("tokenizer", $"{Tokenizer.VocabularySize:#,0} tokens");
            if (Tokenizer.Special.Bos is { } bos)
                yield return ("bos", $"{Tokenizer.Spelling(bos)} ({bos}){(Tokenizer.Special.AddBos ? ", added" : "")}");
            if (Tokenizer.Special.EndOfGeneration.Count > 0)
                yield return ("ends_an_answer", string.Join(", ", Tokenizer.Special.EndOfGeneration.Order().Select(id => $"{Tokenizer.Spelling(id)} ({id})")));
        }
        yield return ("chat_template", Template is null ? "none: ChatML is used" : $"its own, {Template.Length:#,0} characters");
    }

    private static ModelDescription Of(string path, string format, ITensorCatalog tensors, GgufMetadata? metadata, ModelConfig? config, string? obstacle,
        string? template, Func<ITokenizer> open)
    {
        var (tokenizer, tokenizerObstacle) = TryOpen(open);
        return new ModelDescription
        {
            Path = path,
            Format = format,
            Tensors = [.. tensors.Tensors],
            Metadata = [.. metadata?.Entries ?? []],
            Config = config,
            Obstacle = obstacle,
            Template = template,
            Tokenizer = tokenizer,
            TokenizerObstacle = tokenizerObstacle,
        };
    }

    /// <summary>A model may bring no tokenizer, or one of a kind not known; what else it is can be told all the same.</summary>
    private static (ITokenizer? Tokenizer, string? Obstacle) TryOpen(Func<ITokenizer> open)
    {
        try
        {
            return (open(), null);
        }
        catch (ModelFileException e)
        {
            return (null, e.Message);
        }
    }
}

using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Core.Ranks;
using Sluice.Models.Architectures;
using Sluice.Models.Files;
using Sluice.Models.Tokenizers;

namespace Sluice.Models;

/// <summary>
/// An opened model: its shape, its tensors, its tokenizer and templates, whichever files they came from. Nothing is computed here and no
/// weight is read; <see cref="Build"/> puts it on a backend. Owns the mapped files, so it must outlive what was built.
/// </summary>
public sealed class ModelPackage : IDisposable
{
    private readonly IArchitecture _architecture;
    private readonly ModelWeights _weights;
    private readonly Lazy<ITokenizer> _tokenizer;

    private ModelPackage(string path, string format, ITensorCatalog tensors, IArchitecture architecture, IHyperParameters parameters,
        Func<string, string> storedName, Func<ITokenizer> tokenizer)
    {
        Path = path;
        Format = format;
        Tensors = tensors;
        _architecture = architecture;
        _weights = new ModelWeights(tensors, storedName);
        _tokenizer = new Lazy<ITokenizer>(tokenizer);
        Config = architecture.ReadConfig(parameters, _weights);
    }

    /// <summary>Where it was opened.</summary>
    public string Path { get; }

    /// <summary>"gguf" or "safetensors".</summary>
    public string Format { get; }

    public ModelConfig Config { get; }

    public ITensorCatalog Tensors { get; }

    /// <summary>The GGUF's metadata; null for other formats.</summary>
    public GgufMetadata? Metadata { get; private init; }

    /// <summary>The model's own name for itself, or its file's.</summary>
    public required string Name { get; init; }

    /// <summary>Source of the chat template that the model brings; null where it brings none.</summary>
    public required string? ChatTemplate { get; init; }

    /// <summary>What the model's makers recommend for sampling.</summary>
    public required GenerationDefaults Defaults { get; init; }

    /// <summary>How the model's makers mean it to embed.</summary>
    public required EmbeddingDefaults Embeddings { get; init; }

    /// <summary>Loaded on first use, by whichever thread comes first.</summary>
    /// <exception cref="ModelFileException">The model brings none, or a damaged one.</exception>
    public ITokenizer Tokenizer => _tokenizer.Value;

    /// <summary>Bytes of all tensors.</summary>
    public long TensorBytes => Tensors.Tensors.Sum(t => t.Bytes);

    /// <param name="path">A GGUF file or a Hugging Face folder.</param>
    /// <exception cref="ModelFileException">It is neither, is damaged, or its architecture is not supported.</exception>
    public static ModelPackage Open(string path) => ModelPath.Detect(path) switch
    {
        ModelPathKind.Gguf => OpenGguf(path),
        ModelPathKind.HuggingFaceFolder => OpenFolder(HuggingFaceFolder.Open(path)),
        ModelPathKind.SafetensorsFile => throw new UnsupportedModelException(path, "bare weights are no model; name the folder that holds config.json too"),
        var other => throw new ModelFileException(path, $"is no model ({other}); name a .gguf file or a Hugging Face folder"),
    };

    /// <summary>Puts this rank's part of the model on a backend, which borrows the mapped weights where it can.</summary>
    /// <exception cref="SluiceException">A tensor is missing or misshapen, or the backend cannot compute its type.</exception>
    public ILanguageModel Build(IBackend backend, ICollective collective) => _architecture.Build(Config, _weights, backend, collective);

    public void Dispose() => Tensors.Dispose();

    private static ModelPackage OpenGguf(string path)
    {
        var file = GgufFile.Open(path);
        try
        {
            if (file.Tensors.Count == 0)
                throw new UnsupportedModelException(path, "holds a vocabulary but no weights");
            var parameters = new GgufHyperParameters(file.Metadata);
            return new ModelPackage(path, "gguf", file, ArchitectureRegistry.ForGguf(path, parameters.Architecture), parameters,
                name => name, () => TokenizerLoader.FromGguf(file.Metadata))
            {
                Metadata = file.Metadata,
                Name = file.Metadata.String("general.name") ?? System.IO.Path.GetFileNameWithoutExtension(path),
                ChatTemplate = file.Metadata.String("tokenizer.chat_template"),
                Defaults = GenerationDefaults.Beside(path) ?? GenerationDefaults.FromGguf(file.Metadata),
                Embeddings = EmbeddingDefaults.FromGguf(file.Metadata, parameters.Architecture),
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static ModelPackage OpenFolder(HuggingFaceFolder folder)
    {
        var parameters = new HuggingFaceHyperParameters(folder.Config);
        var architecture = ArchitectureRegistry.ForHuggingFace(folder.Config.Path, parameters.Architecture);
        if (folder.Config.Object("quantization_config") is { } quantization)
            throw new UnsupportedModelException(folder.Config.Path,
                $"weights quantised by '{quantization.String("quant_method")}' are not supported; use the unquantised model or a GGUF");
        var tensors = folder.OpenTensors();
        try
        {
            return new ModelPackage(folder.Path, "safetensors", tensors, architecture, parameters, architecture.HuggingFaceTensorName,
                () => TokenizerLoader.FromJson(
                    folder.TokenizerJsonPath ?? throw new ModelFileException(folder.Path, "no tokenizer.json in this folder"),
                    folder.TokenizerConfig?.Path))
            {
                Name = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(folder.Path)),
                ChatTemplate = folder.ChatTemplate,
                Defaults = folder.GenerationConfig is { } generation ? GenerationDefaults.From(generation) : GenerationDefaults.None,
                Embeddings = EmbeddingDefaults.FromFolder(folder.Path),
            };
        }
        catch
        {
            tensors.Dispose();
            throw;
        }
    }
}

using Sluice.Core.Errors;

namespace Sluice.Models.Files;

/// <summary>
/// A model folder as Hugging Face lays it out. Opening reads the small files; the weights are opened by <see cref="OpenTensors"/>, so that
/// a tokenizer alone costs no mapping. Only <c>config.json</c> must be there.
/// </summary>
public sealed class HuggingFaceFolder
{
    private const string IndexName = "model.safetensors.index.json";

    private HuggingFaceFolder(string path)
    {
        Path = path;
        Config = JsonFields.Read(Existing("config.json")
            ?? throw new ModelFileException(path, "no config.json in this folder, which a model folder must hold"));
        GenerationConfig = Existing("generation_config.json") is { } generation ? JsonFields.Read(generation) : null;
        TokenizerConfig = Existing("tokenizer_config.json") is { } tokenizer ? JsonFields.Read(tokenizer) : null;
        TokenizerJsonPath = Existing("tokenizer.json");
        SentencePiecePath = Existing("tokenizer.model");
        ChatTemplates = HuggingFaceChatTemplates.Read(path, TokenizerConfig);
    }

    public string Path { get; }

    /// <summary>config.json.</summary>
    public JsonFields Config { get; }

    /// <summary>generation_config.json, or null.</summary>
    public JsonFields? GenerationConfig { get; }

    /// <summary>tokenizer_config.json, or null.</summary>
    public JsonFields? TokenizerConfig { get; }

    /// <summary>Where tokenizer.json is, or null.</summary>
    public string? TokenizerJsonPath { get; }

    /// <summary>Where tokenizer.model is, or null.</summary>
    public string? SentencePiecePath { get; }

    /// <summary>Chat templates by name; empty where the model has none.</summary>
    public IReadOnlyDictionary<string, string> ChatTemplates { get; }

    /// <summary>The template named <c>default</c>, or the only one; null where there is none to choose.</summary>
    public string? ChatTemplate =>
        ChatTemplates.GetValueOrDefault(HuggingFaceChatTemplates.DefaultName)
        ?? (ChatTemplates.Count == 1 ? ChatTemplates.Values.Single() : null);

    /// <exception cref="ModelFileException">The folder or its config.json is absent, or one of the small files is damaged.</exception>
    public static HuggingFaceFolder Open(string path) =>
        Directory.Exists(path) ? new HuggingFaceFolder(path) : throw new ModelFileException(path, "no such folder");

    /// <summary>The weights, over one file or many shards; the caller disposes them.</summary>
    /// <exception cref="ModelFileException">There are none, or they are damaged.</exception>
    public ITensorCatalog OpenTensors()
    {
        if ((Existing("model.safetensors") ?? Existing(IndexName)) is { } weights)
            return SafetensorsFile.Open(weights);
        string[] others = Directory.GetFiles(Path, "*.safetensors", new EnumerationOptions());
        return others.Length == 1
            ? SafetensorsFile.Open(others[0])
            : throw new ModelFileException(Path, $"no model.safetensors and no {IndexName} in this folder; no other weights are read");
    }

    private string? Existing(string name)
    {
        string file = System.IO.Path.Combine(Path, name);
        return File.Exists(file) ? file : null;
    }
}

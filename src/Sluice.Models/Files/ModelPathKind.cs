namespace Sluice.Models.Files;

/// <summary>What a path given as MODEL is.</summary>
public enum ModelPathKind
{
    /// <summary>A GGUF file, perhaps one part of a split model, perhaps only a vocabulary.</summary>
    Gguf,

    /// <summary>A safetensors file or a shard index.</summary>
    SafetensorsFile,

    /// <summary>A folder with config.json.</summary>
    HuggingFaceFolder,

    /// <summary>A tokenizer.json, perhaps compressed (<c>.gz</c>).</summary>
    TokenizerJson,

    /// <summary>A chat template.</summary>
    Jinja,
}

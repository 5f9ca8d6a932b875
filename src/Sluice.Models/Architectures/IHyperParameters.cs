namespace Sluice.Models.Architectures;

/// <summary>
/// A model's numbers, read by the two names they have: GGUF's key (without the architecture prefix) and config.json's path. So an
/// architecture says each of them once, whichever file the model came with.
/// </summary>
public interface IHyperParameters
{
    /// <summary>The file to name in messages.</summary>
    string Path { get; }

    bool IsHuggingFace { get; }

    /// <summary>GGUF's general.architecture or config.json's model_type.</summary>
    string Architecture { get; }

    /// <exception cref="Core.Errors.ModelFileException">The value is there but is no whole number.</exception>
    long? WholeNumber(string gguf, string huggingFace);

    /// <exception cref="Core.Errors.ModelFileException">The value is there but is no number.</exception>
    double? Number(string gguf, string huggingFace);

    /// <exception cref="Core.Errors.ModelFileException">The value is there but is no text.</exception>
    string? Text(string gguf, string huggingFace);

    /// <summary>A truth value that only config.json has.</summary>
    /// <exception cref="Core.Errors.ModelFileException">The value is there but is neither true nor false.</exception>
    bool? Flag(string huggingFace);
}

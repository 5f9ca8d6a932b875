using Sluice.Core.Errors;
using Sluice.Models.Files;
using Sluice.Models.Tokenizers.Loading;

namespace Sluice.Models.Tokenizers;

/// <summary>Opens the tokenizer that a model came with, from whichever file holds it.</summary>
public static class TokenizerLoader
{
    /// <summary>The tokenizer in the metadata of a GGUF file. Copies what it needs: the file may be closed afterwards.</summary>
    /// <exception cref="ModelFileException">There is none, it is damaged, or of a kind that is not known.</exception>
    public static ITokenizer FromGguf(GgufMetadata metadata) => GgufTokenizer.Load(metadata);

    /// <summary>A tokenizer.json, plain or gzipped.</summary>
    /// <param name="configPath">The tokenizer_config.json that belongs to it, which names the roles of tokens; null where there is none.</param>
    /// <exception cref="ModelFileException">It cannot be read, is damaged, or asks for what is not known.</exception>
    public static ITokenizer FromJson(string path, string? configPath = null) =>
        JsonTokenizer.Load(path, configPath is null ? null : JsonFields.Read(configPath));
}

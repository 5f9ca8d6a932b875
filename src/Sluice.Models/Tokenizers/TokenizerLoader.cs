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
        JsonTokenizer.Load(path, new JsonRoles(configPath is null ? null : JsonFields.Read(configPath), []));

    /// <summary>A SentencePiece model (tokenizer.model).</summary>
    /// <param name="configPath">The tokenizer_config.json that belongs to it; null where there is none.</param>
    /// <exception cref="ModelFileException">It cannot be read, is damaged, or asks for what is not known.</exception>
    public static ITokenizer FromSentencePiece(string path, string? configPath = null) =>
        SentencePieceTokenizer.Load(path, TokenizerFile.Read(path), new JsonRoles(configPath is null ? null : JsonFields.Read(configPath), []));

    /// <summary>The tokenizer of a Hugging Face folder: its tokenizer.json, or failing that its tokenizer.model.</summary>
    /// <exception cref="ModelFileException">There is neither, one is damaged, or asks for what is not known.</exception>
    public static ITokenizer FromFolder(string path)
    {
        JsonFields?[] models = [Read(path, "generation_config.json"), Read(path, "config.json")];
        var roles = new JsonRoles(Read(path, "tokenizer_config.json"), [.. models.OfType<JsonFields>()]);
        if (Existing(path, "tokenizer.json") is { } json)
            return JsonTokenizer.Load(json, roles);
        if (Existing(path, "tokenizer.model") is { } model)
            return SentencePieceTokenizer.Load(model, TokenizerFile.Read(model), roles);
        throw new ModelFileException(path, "no tokenizer.json and no tokenizer.model in this folder, which a tokenizer is read from");
    }

    private static JsonFields? Read(string folder, string name) => Existing(folder, name) is { } path ? JsonFields.Read(path) : null;

    private static string? Existing(string folder, string name) => Path.Combine(folder, name) is var path && File.Exists(path) ? path : null;
}

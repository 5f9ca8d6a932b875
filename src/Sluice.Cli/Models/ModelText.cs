using Sluice.Core.Errors;
using Sluice.Local;
using Sluice.Models.Files;
using Sluice.Models.Templates;
using Sluice.Models.Tokenizers;

namespace Sluice.Cli.Models;

/// <summary>What a MODEL brings for text, without its weights: it may be a whole model, a vocabulary alone, a tokenizer.json or a bare template.</summary>
internal sealed class ModelText
{
    private readonly string _path;

    private ModelText(string path) => _path = path;

    /// <summary>Null where MODEL has none.</summary>
    public ITokenizer? Tokenizer { get; private init; }

    /// <summary>Source of the chat template; null where MODEL has none.</summary>
    public string? Template { get; private init; }

    /// <summary>Hugging Face's tokenizers recognise the names of special tokens in a text whatever else is asked; llama.cpp's do on request.</summary>
    public bool AlwaysParsesSpecial { get; private init; }

    /// <exception cref="SluiceException">Nothing is there, or it is damaged.</exception>
    public static ModelText Open(string model)
    {
        string path = ModelLocator.Resolve(model);
        return ModelPath.Detect(path) switch
        {
            ModelPathKind.Gguf => FromGguf(path),
            ModelPathKind.HuggingFaceFolder => FromFolder(path),
            ModelPathKind.TokenizerJson => new ModelText(path) { Tokenizer = TokenizerLoader.FromJson(path), AlwaysParsesSpecial = true },
            ModelPathKind.Jinja => new ModelText(path) { Template = File.ReadAllText(path) },
            _ => throw new ModelFileException(path, "holds weights alone: name the folder or the GGUF with the tokenizer"),
        };
    }

    public ITokenizer RequireTokenizer() => Tokenizer ?? throw new ModelFileException(_path, "holds no tokenizer: name a model, a GGUF with its vocabulary or a tokenizer.json");

    /// <summary>The template, compiled; ChatML where a whole model brings none.</summary>
    public ChatTemplate CompileTemplate() => ChatTemplate.Compile(Template
        ?? (Tokenizer is not null ? ChatTemplates.ChatMl : throw new ModelFileException(_path, "holds no chat template: name a model or a .jinja file")));

    private static ModelText FromGguf(string path)
    {
        using var file = GgufFile.Open(path);
        return new ModelText(path)
        {
            Tokenizer = TokenizerLoader.FromGguf(file.Metadata),
            Template = file.Metadata.String("tokenizer.chat_template"),
        };
    }

    private static ModelText FromFolder(string path)
    {
        var folder = HuggingFaceFolder.Open(path);
        return new ModelText(path) { Tokenizer = TokenizerLoader.FromFolder(path), Template = folder.ChatTemplate, AlwaysParsesSpecial = true };
    }
}

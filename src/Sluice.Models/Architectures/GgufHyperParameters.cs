using Sluice.Models.Files;

namespace Sluice.Models.Architectures;

/// <summary>A model's numbers in a GGUF: keys below the architecture's name.</summary>
internal sealed class GgufHyperParameters(GgufMetadata metadata) : IHyperParameters
{
    public string Path => metadata.Path;

    public bool IsHuggingFace => false;

    public string Architecture { get; } = metadata.RequireString("general.architecture");

    public long? WholeNumber(string gguf, string huggingFace) => gguf.Length == 0 ? null : metadata.Integer(Key(gguf));

    public double? Number(string gguf, string huggingFace) => gguf.Length == 0 ? null : metadata.Float(Key(gguf));

    public string? Text(string gguf, string huggingFace) => gguf.Length == 0 ? null : metadata.String(Key(gguf));

    public bool? Flag(string huggingFace) => null;

    private string Key(string gguf) => $"{Architecture}.{gguf}";
}

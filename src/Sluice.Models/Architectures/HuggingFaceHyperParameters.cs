using Sluice.Models.Files;

namespace Sluice.Models.Architectures;

/// <summary>A model's numbers in config.json: members, or members of a member ("rope_scaling.factor").</summary>
internal sealed class HuggingFaceHyperParameters(JsonFields config) : IHyperParameters
{
    public string Path => config.Path;

    public bool IsHuggingFace => true;

    public string Architecture { get; } = config.RequireString("model_type");

    public long? WholeNumber(string gguf, string huggingFace) => Within(huggingFace, out string name)?.Integer(name);

    public double? Number(string gguf, string huggingFace) => Within(huggingFace, out string name)?.Float(name);

    public string? Text(string gguf, string huggingFace) => Within(huggingFace, out string name)?.String(name);

    public bool? Flag(string huggingFace) => Within(huggingFace, out string name)?.Bool(name);

    private JsonFields? Within(string path, out string name)
    {
        int dot = path.IndexOf('.', StringComparison.Ordinal);
        name = path[(dot + 1)..];
        if (name.Length == 0)
            return null;
        return dot < 0 ? config : config.Object(path[..dot]);
    }
}

using Sluice.Core.Errors;
using Sluice.Models.Files;

namespace Sluice.Models;

/// <summary>How a model's makers mean it to embed.</summary>
/// <param name="Pooling">Null where they say nothing.</param>
public sealed record EmbeddingDefaults(Pooling? Pooling)
{
    /// <summary>The keys that llama.cpp's converter writes: pooling_type (0 none, 1 mean, 2 cls, 3 last, 4 rank) and attention.causal.</summary>
    /// <exception cref="UnsupportedModelException">It is meant for something that is not built.</exception>
    public static EmbeddingDefaults FromGguf(GgufMetadata metadata, string architecture)
    {
        if (metadata.Bool($"{architecture}.attention.causal") == false)
            throw new UnsupportedModelException(metadata.Path, "attention that looks ahead is not supported; only causal models are");
        return new EmbeddingDefaults(metadata.Integer($"{architecture}.pooling_type") switch
        {
            null or 0 => null,
            1 => Models.Pooling.Mean,
            3 => Models.Pooling.Last,
            var other => throw new UnsupportedModelException(metadata.Path, $"pooling_type {other} is not supported; 1 (mean) and 3 (last) are"),
        });
    }

    /// <summary>What sentence-transformers keeps beside a model: 1_Pooling/config.json.</summary>
    /// <exception cref="UnsupportedModelException">It is meant for something that is not built.</exception>
    public static EmbeddingDefaults FromFolder(string folder)
    {
        if (Directory.EnumerateDirectories(folder, "?_Dense").Any())
            throw new UnsupportedModelException(folder, "embeddings that pass through a further dense layer are not supported");
        string path = Path.Combine(folder, "1_Pooling", "config.json");
        if (!File.Exists(path))
            return new EmbeddingDefaults(Pooling: null);
        var fields = JsonFields.Read(path);
        string[] modes = [.. fields.Names.Where(name => name.StartsWith("pooling_mode_", StringComparison.Ordinal) && fields.Bool(name) == true)];
        return new EmbeddingDefaults(modes switch
        {
            ["pooling_mode_mean_tokens"] => Models.Pooling.Mean,
            ["pooling_mode_lasttoken"] => Models.Pooling.Last,
            _ => throw new UnsupportedModelException(
                path, $"pooling by {(modes.Length == 0 ? "none" : string.Join(" and ", modes))} is not supported; pooling_mode_mean_tokens and pooling_mode_lasttoken are"),
        });
    }
}

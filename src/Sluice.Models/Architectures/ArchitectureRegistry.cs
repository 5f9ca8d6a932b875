using Sluice.Core.Errors;

namespace Sluice.Models.Architectures;

/// <summary>The architectures this build knows.</summary>
public static class ArchitectureRegistry
{
    private static readonly IArchitecture[] Known =
    [
        new LlamaArchitecture(),
    ];

    /// <exception cref="UnsupportedModelException">Nobody knows it; the message lists those known.</exception>
    public static IArchitecture ForGguf(string path, string name) => Find(path, "general.architecture", name, a => a.GgufNames);

    /// <exception cref="UnsupportedModelException">Nobody knows it; the message lists those known.</exception>
    public static IArchitecture ForHuggingFace(string path, string name) => Find(path, "model_type", name, a => a.HuggingFaceNames);

    private static IArchitecture Find(string path, string key, string name, Func<IArchitecture, IReadOnlyList<string>> names) =>
        Array.Find(Known, a => names(a).Contains(name)) ?? throw new UnsupportedModelException(path,
            $"{key} '{name}' is not supported; known: {string.Join(", ", Known.SelectMany(names).Order(StringComparer.Ordinal))}");
}

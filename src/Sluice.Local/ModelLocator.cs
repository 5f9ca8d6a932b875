using Sluice.Core.Errors;

namespace Sluice.Local;

/// <summary>Finds the file or folder that a MODEL argument means.</summary>
public static class ModelLocator
{
    /// <summary>The small model of our own that ships with Sluice, and the default wherever no model is named.</summary>
    public const string Demo = "demo";

    /// <summary>Its draft model: same tokenizer, a sixth of the size.</summary>
    public const string DemoDraft = "demo-draft";

    /// <exception cref="SluiceException">Nothing has that name.</exception>
    public static string Resolve(string model) => model switch
    {
        Demo => Embedded("sluice-demo-q8_0.gguf"),
        DemoDraft => Embedded("sluice-draft-q8_0.gguf"),
        _ when Path.Exists(model) => model,
        _ => throw new SluiceException(
            $"no model '{model}': name a .gguf file, a Hugging Face folder, '{Demo}' or '{DemoDraft}'"),
    };

    /// <summary>The name to show for a model: the embedded ones' own, else the file's or folder's.</summary>
    public static string NameOf(string model) => model is Demo or DemoDraft
        ? model
        : WithoutGguf(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model))));

    private static string WithoutGguf(string name) => name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? name[..^".gguf".Length] : name;

    private static string Embedded(string file)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "models", "demo", file);
        return File.Exists(path)
            ? path
            : throw new SluiceException($"the embedded model is not where it was installed ({path}); install Sluice again");
    }
}

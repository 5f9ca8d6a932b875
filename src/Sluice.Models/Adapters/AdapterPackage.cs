using Sluice.Core.Errors;
using Sluice.Models.Files;

namespace Sluice.Models.Adapters;

/// <summary>
/// An opened LoRA adapter: its tensors and the scale of each, whichever files they came from. No weight is read yet. Owns the mapped files,
/// which are not needed any more once the adapter was read for a model.
/// </summary>
public sealed class AdapterPackage : IDisposable
{
    private const string PeftPrefix = "base_model.model.";

    private readonly ITensorCatalog _catalog;
    private readonly Func<string, long, double> _scaleOf;

    private AdapterPackage(string path, ITensorCatalog catalog, IReadOnlyList<AdapterTensor> tensors, Func<string, long, double> scaleOf)
    {
        Path = path;
        _catalog = catalog;
        Tensors = tensors;
        _scaleOf = scaleOf;
    }

    /// <summary>Where it was opened.</summary>
    public string Path { get; }

    /// <summary>The architecture it was made for, in GGUF's words; null where its files do not say.</summary>
    internal string? Architecture { get; private init; }

    /// <summary>Whether its modules and rows are named and ordered as in GGUF.</summary>
    internal bool IsGguf { get; private init; }

    internal IReadOnlyList<AdapterTensor> Tensors { get; }

    /// <param name="path">A PEFT folder (adapter_config.json and adapter_model.safetensors) or a GGUF adapter.</param>
    /// <exception cref="ModelFileException">It is neither, is damaged, or is no plain LoRA adapter.</exception>
    public static AdapterPackage Open(string path) => Directory.Exists(path) ? OpenPeft(path) : OpenGguf(path);

    public void Dispose() => _catalog.Dispose();

    internal Core.Memory.TensorView Open(AdapterTensor tensor) => _catalog.Open(tensor.Stored);

    /// <inheritdoc cref="PeftConfig.ScaleOf"/>
    internal float ScaleOf(string module, long rank)
    {
        float scale = (float)_scaleOf(module, rank);
        return float.IsFinite(scale) ? scale : throw new ModelFileException(Path, $"scales {Printable.Quote(module)} by {scale}");
    }

    private static AdapterPackage OpenPeft(string folder)
    {
        string file = System.IO.Path.Combine(folder, "adapter_model.safetensors");
        var config = PeftConfig.Read(System.IO.Path.Combine(folder, "adapter_config.json"));
        var catalog = SafetensorsFile.Open(file);
        try
        {
            return new AdapterPackage(folder, catalog, [.. catalog.Tensors.Select(tensor => ParsePeft(file, tensor))], config.ScaleOf);
        }
        catch
        {
            catalog.Dispose();
            throw;
        }
    }

    private static AdapterPackage OpenGguf(string path)
    {
        var file = GgufFile.Open(path);
        try
        {
            var metadata = file.Metadata;
            if (metadata.String("general.type") != "adapter")
                throw new ModelFileException(path, "is no adapter: key 'general.type' does not say so");
            if (metadata.String("adapter.type") is var type and not "lora")
                throw new UnsupportedModelException(path, $"adapters of type {Printable.Quote(type ?? "")} are not supported; 'lora' is");
            if (metadata.Contains("adapter.alora.invocation_tokens"))
            {
                throw new UnsupportedModelException(
                    path, "'adapter.alora.invocation_tokens': adapters that begin at a token are not supported");
            }
            double alpha = metadata.Float("adapter.lora.alpha") ?? 0;
            return new AdapterPackage(
                path, file, [.. file.Tensors.Select(tensor => ParseGguf(path, tensor))],
                (_, rank) => alpha == 0 ? 1 : alpha / rank) // as llama.cpp has it
            {
                Architecture = metadata.String("general.architecture"),
                IsGguf = true,
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static AdapterTensor ParseGguf(string path, TensorInfo tensor)
    {
        const string Weight = ".weight", Down = ".lora_a", Up = ".lora_b";
        string name = tensor.Name;
        bool up = name.EndsWith(Up, StringComparison.Ordinal);
        if (!up && !name.EndsWith(Down, StringComparison.Ordinal))
            throw NoMatrix(path, name);
        string module = name[..^Down.Length];
        return new AdapterTensor(tensor, module.EndsWith(Weight, StringComparison.Ordinal) ? module[..^Weight.Length] : module, up);
    }

    /// <summary>
    /// Such as <c>base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight</c>, or with a name before <c>.weight</c>.
    /// </summary>
    private static AdapterTensor ParsePeft(string path, TensorInfo tensor)
    {
        string name = tensor.Name;
        int down = name.IndexOf(".lora_A.", StringComparison.Ordinal), up = name.IndexOf(".lora_B.", StringComparison.Ordinal);
        if ((down < 0 && up < 0) || !name.EndsWith(".weight", StringComparison.Ordinal))
            throw NoMatrix(path, name);
        string module = name[..Math.Max(down, up)];
        if (module.StartsWith(PeftPrefix, StringComparison.Ordinal))
            module = module[PeftPrefix.Length..];
        return new AdapterTensor(tensor, module, up >= 0);
    }

    private static UnsupportedModelException NoMatrix(string path, string name) => new(path,
        $"tensor {Printable.Quote(name)} is no A or B matrix of LoRA; adapted embeddings, biases, magnitudes (DoRA) and saved modules " +
        "are not supported");
}

using Sluice.Core.Errors;
using Sluice.Core.Memory;

namespace Sluice.Models.Files;

/// <summary>
/// A GGUF model (versions 2 and 3, little-endian), mapped and validated: every length, offset, type and name was checked against the file
/// before anything is handed out. A model split into parts (<c>…-00001-of-00003.gguf</c>) opens whole, by the path of any part.
/// </summary>
public sealed class GgufFile : ITensorCatalog
{
    private readonly MappedTensors _tensors;

    private GgufFile(string path, IReadOnlyList<GgufPart> parts)
    {
        Path = path;
        Version = parts[0].Version;
        Metadata = parts[0].Metadata;
        PartPaths = [.. parts.Select(p => p.File.Path)];
        _tensors = new MappedTensors([.. parts.Select(p => p.File)], [.. parts.SelectMany(p => p.Tensors)]);
    }

    public string Path { get; }

    /// <summary>Version of the format: 2 or 3.</summary>
    public int Version { get; }

    /// <summary>The key-value section; a split model's is that of its first part.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>The file or files of the model; <see cref="TensorInfo.File"/> indexes them.</summary>
    public IReadOnlyList<string> PartPaths { get; }

    public IReadOnlyList<TensorInfo> Tensors => _tensors.All;

    /// <exception cref="ModelFileException">The file, or a part of it, is absent, damaged or of a version that is not read.</exception>
    public static GgufFile Open(string path)
    {
        var parts = GgufSplit.OpenAll(path);
        try
        {
            return new GgufFile(path, parts);
        }
        catch
        {
            GgufSplit.Dispose(parts);
            throw;
        }
    }

    public TensorInfo? Find(string name) => _tensors.Find(name);

    public TensorView Open(TensorInfo tensor) => _tensors.Open(tensor);

    public void Dispose() => _tensors.Dispose();
}

using Sluice.Core.Errors;
using Sluice.Core.Memory;

namespace Sluice.Models.Files;

/// <summary>
/// The tensors of a safetensors file, or of all shards that a <c>model.safetensors.index.json</c> names, mapped and validated.
/// </summary>
public sealed class SafetensorsFile : ITensorCatalog
{
    private readonly MappedTensors _tensors;

    private SafetensorsFile(string path, IReadOnlyList<SafetensorsShard> shards, List<TensorInfo> tensors)
    {
        Path = path;
        Metadata = shards.Count > 0 ? shards[0].Metadata : new Dictionary<string, string>();
        ShardPaths = [.. shards.Select(s => s.File.Path)];
        _tensors = new MappedTensors([.. shards.Select(s => s.File)], tensors);
    }

    public string Path { get; }

    /// <summary>The strings under <c>__metadata__</c>, of the first shard.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The file or files of the model; <see cref="TensorInfo.File"/> indexes them.</summary>
    public IReadOnlyList<string> ShardPaths { get; }

    public IReadOnlyList<TensorInfo> Tensors => _tensors.All;

    /// <param name="path">A <c>.safetensors</c> file, or an index (<c>.json</c>) beside its shards.</param>
    /// <exception cref="ModelFileException">The file, or one it names, is absent or damaged.</exception>
    public static SafetensorsFile Open(string path)
    {
        var index = path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? SafetensorsIndex.Read(path) : null;
        var shards = new List<SafetensorsShard>();
        try
        {
            foreach (string shard in index?.ShardPaths ?? [path])
                shards.Add(SafetensorsShard.Open(shard, shards.Count));
            return new SafetensorsFile(path, shards, index?.Pick(shards) ?? [.. shards[0].Tensors]);
        }
        catch
        {
            foreach (var shard in shards)
                shard.File.Dispose();
            throw;
        }
    }

    public TensorInfo? Find(string name) => _tensors.Find(name);

    public TensorView Open(TensorInfo tensor) => _tensors.Open(tensor);

    public void Dispose() => _tensors.Dispose();
}

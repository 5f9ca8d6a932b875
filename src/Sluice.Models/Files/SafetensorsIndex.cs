namespace Sluice.Models.Files;

/// <summary>A <c>model.safetensors.index.json</c>: which shard holds which tensor.</summary>
internal sealed class SafetensorsIndex
{
    private readonly JsonFields _json;
    private readonly Dictionary<string, string> _shardOf;

    private SafetensorsIndex(JsonFields json, Dictionary<string, string> shardOf)
    {
        _json = json;
        _shardOf = shardOf;
        ShardNames = [.. shardOf.Values.Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>File names of the shards, in their order; they lie beside the index.</summary>
    public IReadOnlyList<string> ShardNames { get; }

    public IEnumerable<string> ShardPaths => ShardNames.Select(n => Path.Combine(Path.GetDirectoryName(_json.Path) ?? "", n));

    public static SafetensorsIndex Read(string path)
    {
        var json = JsonFields.Read(path);
        var map = json.RequireObject("weight_map");
        var shardOf = new Dictionary<string, string>();
        foreach (string tensor in map.Names)
        {
            string shard = map.RequireString(tensor);
            // A plain name: an index must not reach for files outside its folder.
            if (!shard.EndsWith(".safetensors", StringComparison.Ordinal) || shard.Any(c => c is '/' or '\\' or ':' || char.IsControl(c)))
                throw map.Fail(tensor, $"is {Printable.Quote(shard)}, expected the name of a .safetensors file beside the index");
            shardOf[tensor] = shard;
        }
        return new SafetensorsIndex(json, shardOf);
    }

    /// <summary>The tensors the index names, each from the shard it names, in the order of the shards.</summary>
    public List<TensorInfo> Pick(List<SafetensorsShard> shards)
    {
        var picked = new List<TensorInfo>(_shardOf.Count);
        for (int i = 0; i < shards.Count; i++)
            picked.AddRange(shards[i].Tensors.Where(t => _shardOf.GetValueOrDefault(t.Name) == ShardNames[i]));
        if (picked.Count == _shardOf.Count)
            return picked;
        string missing = _shardOf.Keys.Except(picked.Select(t => t.Name)).First();
        string shard = _shardOf[missing];
        throw _json.Fail("weight_map", $"puts {Printable.Quote(missing)} into {Printable.Quote(shard)}, which does not hold it");
    }
}

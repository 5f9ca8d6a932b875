using Sluice.Core.Errors;
using Sluice.Models.Files;

namespace Sluice.Tests.Models.Files;

public sealed class SafetensorsIndexTests : IDisposable
{
    private const string First = "model-00001-of-00002.safetensors";
    private const string Second = "model-00002-of-00002.safetensors";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private void WriteShards()
    {
        _folder.Write(First, SafetensorsFileTests.Bytes(
            """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"twice":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 1, 2));
        _folder.Write(Second, SafetensorsFileTests.Bytes(
            """{"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"twice":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 3, 4));
    }

    private string WriteIndex(string weightMap) =>
        _folder.Write("model.safetensors.index.json", $$"""{"metadata":{"total_size":4},"weight_map":{{weightMap}}}""");

    private string Refusal(string weightMap)
    {
        string path = WriteIndex(weightMap);
        return Assert.Throws<ModelFileException>(() => SafetensorsFile.Open(path)).Message;
    }

    [Fact]
    public void Open_Shards_AreOneCatalog()
    {
        WriteShards();
        using var file = SafetensorsFile.Open(WriteIndex($$"""{"b":"{{Second}}","a":"{{First}}","twice":"{{Second}}"}"""));
        Assert.Equal(["a", "b", "twice"], file.Tensors.Select(t => t.Name));
        Assert.Equal([Path.Combine(_folder.Path, First), Path.Combine(_folder.Path, Second)], file.ShardPaths);
        Assert.Equal(new byte[] { 1, 3, 4 }, file.Tensors.Select(t => file.Open(t).Row(0)[0]));
    }

    [Fact]
    public void Open_ShardMissing_NamesIt()
    {
        WriteShards();
        File.Delete(Path.Combine(_folder.Path, Second));
        Assert.Contains($"{Second}: cannot be opened", Refusal($$"""{"a":"{{First}}","b":"{{Second}}"}"""));
    }

    [Fact]
    public void Open_TensorNotInItsShard_IsRefused()
    {
        WriteShards();
        Assert.Contains($"field 'weight_map' puts 'b' into '{First}'", Refusal($$"""{"a":"{{First}}","b":"{{First}}"}"""));
    }

    [Theory]
    [InlineData("../secret.safetensors")]
    [InlineData("/etc/secret.safetensors")]
    [InlineData("sub\\\\secret.safetensors")]
    [InlineData("line\\nbreak.safetensors")]
    [InlineData("pytorch_model.bin")]
    [InlineData("")]
    public void Open_ShardOutsideTheFolder_IsRefused(string shard) =>
        Assert.Contains("field 'weight_map.a' is", Refusal($$"""{"a":"{{shard}}"}"""));

    [Theory]
    [InlineData("[]", "field 'weight_map' is a list, expected an object")]
    [InlineData("null", "missing field 'weight_map'")]
    [InlineData("""{"a":1}""", "field 'weight_map.a' is 1, expected a string")]
    public void Open_BadMap_IsRefused(string weightMap, string why) => Assert.Contains(why, Refusal(weightMap));
}

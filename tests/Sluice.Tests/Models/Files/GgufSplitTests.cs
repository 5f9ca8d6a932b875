using Sluice.Core.Errors;
using Sluice.Models.Files;

namespace Sluice.Tests.Models.Files;

public sealed class GgufSplitTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string NameOf(int number) => $"model-{number:d5}-of-00003.gguf";

    private string PathOf(int number) => Path.Combine(_folder.Path, NameOf(number));

    private static GgufBuilder Part(int index, int count = 3, int tensors = 3, string? tensor = null)
    {
        var part = new GgufBuilder();
        if (index == 0)
            part.Key("general.name", "whole");
        return part.Key("split.no", (ushort)index).Key("split.count", (ushort)count).Key("split.tensors.count", tensors)
            .F32Tensor(tensor ?? $"t{index}", index);
    }

    private void WriteAll()
    {
        for (int i = 0; i < 3; i++)
            _folder.Write(NameOf(i + 1), Part(i).Build());
    }

    private string Refusal(int number) => Assert.Throws<ModelFileException>(() => GgufFile.Open(PathOf(number))).Message;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Open_AnyPart_OpensTheWholeModel(int number)
    {
        WriteAll();
        using var file = GgufFile.Open(PathOf(number));
        Assert.Equal(["t0", "t1", "t2"], file.Tensors.Select(t => t.Name));
        Assert.Equal([PathOf(1), PathOf(2), PathOf(3)], file.PartPaths);
        Assert.Equal("whole", file.Metadata.String("general.name"));
        for (int i = 0; i < 3; i++)
        {
            var tensor = file.Find($"t{i}")!;
            Assert.Equal(i, tensor.File);
            Assert.Equal(i, BitConverter.ToSingle(file.Open(tensor).Row(0)));
        }
    }

    [Fact]
    public void Open_PartMissing_NamesIt()
    {
        WriteAll();
        File.Delete(PathOf(2));
        Assert.Contains($"{NameOf(2)}: part 2 of 3 of the model is missing", Refusal(1));
    }

    [Fact]
    public void Open_PartsDisagree_IsRefused()
    {
        WriteAll();
        _folder.Write(NameOf(2), Part(2).Build());
        Assert.Contains($"{NameOf(2)}: key 'split.no' is 2, expected 1", Refusal(1));
        _folder.Write(NameOf(2), Part(1, count: 4).Build());
        Assert.Contains($"{NameOf(2)}: key 'split.count' is 4, expected 3", Refusal(3));
        _folder.Write(NameOf(2), new GgufBuilder().F32Tensor("t1", 1).Build());
        Assert.Contains($"{NameOf(2)}: missing key 'split.count'", Refusal(1));
        _folder.Write(NameOf(2), Part(1, tensor: "t0").Build());
        Assert.Contains($"{NameOf(2)}: two tensors are named 't0'", Refusal(1));
    }

    [Fact]
    public void Open_TensorsMissing_IsRefused()
    {
        WriteAll();
        _folder.Write(NameOf(1), Part(0, tensors: 4).Build());
        Assert.Contains("'split.tensors.count' is 4, but the 3 parts hold 3 tensors", Refusal(1));
    }

    [Fact]
    public void Open_PartUnderAnotherName_IsRefused()
    {
        string path = _folder.Write("renamed.gguf", Part(0).Build());
        Assert.Contains("does not end in -00001-of-00003.gguf", Assert.Throws<ModelFileException>(() => GgufFile.Open(path)).Message);
    }

    [Fact]
    public void Open_SplitOfOne_IsAWholeModel()
    {
        using var file = GgufFile.Open(_folder.Write("one.gguf", Part(0, count: 1, tensors: 1).Build()));
        Assert.Equal("t0", Assert.Single(file.Tensors).Name);
    }
}

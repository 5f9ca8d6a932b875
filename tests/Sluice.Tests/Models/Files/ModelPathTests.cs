using Sluice.Core.Errors;
using Sluice.Models.Files;

namespace Sluice.Tests.Models.Files;

public sealed class ModelPathTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("m.gguf", "GGUF", ModelPathKind.Gguf)]
    [InlineData("m.gguf", "broken", ModelPathKind.Gguf)]
    [InlineData("blob", "GGUF", ModelPathKind.Gguf)]
    [InlineData("m.safetensors", "", ModelPathKind.SafetensorsFile)]
    [InlineData("model.safetensors.index.json", "{}", ModelPathKind.SafetensorsFile)]
    [InlineData("blob", "\u0002\0\0\0\0\0\0\0{}", ModelPathKind.SafetensorsFile)]
    [InlineData("tokenizer.json", "{}", ModelPathKind.TokenizerJson)]
    [InlineData("tokenizer.json.gz", "", ModelPathKind.TokenizerJson)]
    [InlineData("blob", " \n{\"a\":{}}", ModelPathKind.TokenizerJson)]
    [InlineData("chat.jinja", "{{ x }}", ModelPathKind.Jinja)]
    public void Detect_File_IsKnownByContentOrName(string name, string content, ModelPathKind kind) =>
        Assert.Equal(kind, ModelPath.Detect(_folder.Write(name, content)));

    [Fact]
    public void Detect_Folder_NeedsAConfig()
    {
        string Message() => Assert.Throws<ModelFileException>(() => ModelPath.Detect(_folder.Path)).Message;
        Assert.Contains("a folder without config.json", Message());
        _folder.Write("m-q8.gguf", "GGUF");
        Assert.Contains("name the file, as 'm-q8.gguf'", Message());
        _folder.Write("config.json", "{}");
        Assert.Equal(ModelPathKind.HuggingFaceFolder, ModelPath.Detect(_folder.Path));
    }

    [Fact]
    public void Detect_NothingKnown_IsRefused()
    {
        static string Message(string path) => Assert.Throws<ModelFileException>(() => ModelPath.Detect(path)).Message;
        Assert.Contains("no such file or folder", Message(Path.Combine(_folder.Path, "x.gguf")));
        Assert.Contains("neither GGUF, safetensors", Message(_folder.Write("readme.txt", "hello")));
        Assert.Contains("neither GGUF, safetensors", Message(_folder.Write("empty", "")));
    }
}
